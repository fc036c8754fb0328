"""The Dockerfile makes small, locked images from what the repository has, with any builder."""

import re
import shlex

import pytest
from tests.images.files import ROOT, SETTINGS, lineage, stages, variables

each_service = pytest.mark.parametrize("service", SETTINGS)
SCRIPTS = ROOT / "deploy" / "images"


def copied() -> set[str]:
    """What is copied into some stage from the repository."""
    copies = [line for stage in stages().values() for line in stage.arguments("COPY") if not line.startswith("--from=")]
    return {source for line in copies for source in line.split()[:-1]}


@each_service
def test_there_is_an_image_of_each_service_and_one_to_develop_with(service: str) -> None:
    assert stages()[service].arguments("ENTRYPOINT") == [f'["{service}"]']
    assert stages()[f"{service}-dev"].base == service


@each_service
def test_an_image_runs_as_a_user_without_rights(service: str) -> None:
    for target in (service, f"{service}-dev"):
        users = [user for stage in lineage(target) for user in reversed(stage.arguments("USER"))]
        assert users[0] == "10001:10001"


@each_service
def test_an_image_holds_the_dependencies_of_its_service_alone(service: str) -> None:
    sources = [line.split()[0] for stage in lineage(service) for line in stage.arguments("COPY") if "--from" in line]

    assert sources == [f"--from={service}-dependencies", f"--from={service}-service", "--from=slim"]
    assert stages()[f"{service}-dependencies"].arguments("COPY") == [f"requirements/{service}.txt requirements/"]
    assert stages()[f"{service}-service"].arguments("COPY") == [f"services/{service} services/{service}"]


@each_service
def test_a_change_of_code_leaves_the_dependencies_in_the_cache(service: str) -> None:
    below = lineage(f"{service}-dependencies")

    assert not any("services" in line or "libs" in line for stage in below for line in stage.arguments("COPY"))
    assert "dependencies" in stages()[service].arguments("COPY")[0]


@each_service
def test_every_variable_that_an_image_sets_is_a_setting(service: str) -> None:
    names = {
        word.partition("=")[0]
        for stage in lineage(service)
        for line in stage.arguments("ENV")
        for word in shlex.split(line)
    }
    ours = {name for name in names if name.startswith(("METER_", "PVSIM_", "EXPORTER_", "PVSIMULATOR_"))}

    assert f"{service.upper()}_HTTP_HOST" in ours
    assert ours - variables(service) == set()


@each_service
def test_an_image_exposes_and_asks_the_port_that_the_service_listens_on(service: str) -> None:
    port = str(SETTINGS[service].model_fields["http_port"].default)

    assert stages()[service].arguments("EXPOSE") == [port]
    assert f"${{{service.upper()}_HTTP_PORT:-{port}}}/healthz" in stages()[service].arguments("HEALTHCHECK")[0]


def test_everything_that_is_copied_is_there_and_not_ignored() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    patterns = [
        re.compile(re.escape(line).replace(r"\*", "[^/]*") + (".*" if line.endswith("/") else "")) for line in allowed
    ]

    for source in copied():
        path = f"{source}/" if (ROOT / source).is_dir() else source
        assert (ROOT / source).exists(), source
        assert any(pattern.fullmatch(path) for pattern in patterns), source


def test_any_builder_can_read_the_dockerfile() -> None:
    text = (ROOT / "Dockerfile").read_text()

    assert not re.search(r"^# *syntax *=|--mount|--link|<<|--chmod", text, re.MULTILINE)


def test_the_base_image_is_named_with_its_tag() -> None:
    bases = {stage.base for stage in stages().values()} - stages().keys() - {"scratch"}

    assert bases == {"python:${PYTHON_TAG}"}
    assert re.search(r"^ARG PYTHON_TAG=3\.\d+-slim$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_packages_are_installed_by_their_hash_and_never_compiled() -> None:
    script = (SCRIPTS / "install-dependencies").read_text()
    build = " ".join(stages()["builder"].arguments("RUN"))

    for command in (script, build):
        assert "--require-hashes" in command
        assert "--only-binary :all:" in command
    assert "--no-index" in (SCRIPTS / "install-service").read_text()


def test_no_image_is_told_an_address() -> None:
    texts = [(ROOT / "Dockerfile").read_text(), *(path.read_text() for path in SCRIPTS.iterdir())]

    assert [
        address for text in texts for address in re.findall(r"\w+://[^\s\"']+", text) if "127.0.0.1" not in address
    ] == []


def test_the_scripts_can_be_run() -> None:
    assert [path.name for path in SCRIPTS.iterdir() if not path.stat().st_mode & 0o100] == []
