"""skaffold.yaml names images, files and values that exist."""

import re
from functools import reduce
from typing import Any

import pytest
from tests.images.files import CHART, ROOT, SETTINGS, VERSION, load, stages

SKAFFOLD = load("skaffold.yaml")
ARTIFACTS = SKAFFOLD["build"]["artifacts"]
[RELEASE] = SKAFFOLD["deploy"]["helm"]["releases"]
PROFILES = {profile["name"]: profile for profile in SKAFFOLD["profiles"]}
VALUES = load("deploy/helm/values.yaml")


def at(tree: Any, path: list[str]) -> Any:  # noqa: ANN401 - any part of a YAML file
    """What stands at a path; raises KeyError where there is nothing."""
    return reduce(lambda part, key: part[int(key) if isinstance(part, list) else key], path, tree)


def test_each_image_is_built_from_its_target_with_the_projects_version() -> None:
    assert [artifact["image"] for artifact in ARTIFACTS] == [f"pvsimulator/{service}" for service in SETTINGS]
    for service, artifact in zip(SETTINGS, ARTIFACTS, strict=True):
        assert artifact["docker"] == {"target": service, "buildArgs": {"VERSION": VERSION}}
        assert service in stages()


def test_each_image_is_the_one_that_the_chart_runs() -> None:
    assert [VALUES[service]["image"]["repository"] for service in SETTINGS] == [a["image"] for a in ARTIFACTS]


def test_the_chart_is_told_repository_tag_and_digest_of_each_image() -> None:
    expected = {
        f"{service}.image.{value}": f"{{{{.IMAGE_{part}_pvsimulator_{service}}}}}"
        for service in SETTINGS
        for value, part in (("repository", "REPO"), ("tag", "TAG"), ("digest", "DIGEST"))
    }

    assert RELEASE["setValueTemplates"] == expected
    for path in expected:
        assert at(VALUES, path.split(".")) is not None


def test_every_file_that_is_named_is_there() -> None:
    paths = re.findall(r"(?<!/)\bdeploy/[\w./-]+", (ROOT / "skaffold.yaml").read_text())

    assert len(paths) >= 4
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert load(f"{RELEASE['chartPath']}/Chart.yaml")["name"] == "pvsimulator"


def test_the_dependencies_that_are_not_built_have_no_repository() -> None:
    assert RELEASE["skipBuildDependencies"] is True
    assert [d for d in load("deploy/helm/Chart.yaml").get("dependencies", []) if "repository" in d] == []


def test_ports_are_forwarded_from_services_that_the_chart_has() -> None:
    templates = "".join(path.read_text() for path in CHART.rglob("templates/**/*.*"))
    forwards = {forward["resourceName"]: forward for forward in SKAFFOLD["portForward"]}
    names = {f"{RELEASE['name']}-pvsimulator-{part}": part for part in ("grafana", "prometheus", "rabbitmq")}

    assert forwards.keys() == names.keys()
    assert [part for part in names.values() if f"-{part}" not in templates] == []
    assert {forward["localPort"] for forward in forwards.values()} == {3000, 9090, 15672}


def test_profiles_patch_what_is_there() -> None:
    assert PROFILES.keys() == {"dev", "kps", "ha"}
    for profile in PROFILES.values():
        for patch in profile["patches"]:
            path = patch["path"].split("/")[1:]
            at(SKAFFOLD, path if patch["op"] == "replace" else path[:-1])


@pytest.mark.parametrize("name", ["kps", "ha"])
def test_a_profile_takes_the_values_of_the_chart(name: str) -> None:
    [patch] = PROFILES[name]["patches"]

    assert patch["value"] == [f"deploy/helm/ci/{name}-values.yaml"]


def test_where_no_grafana_is_installed_none_is_forwarded() -> None:
    assert [forward["port"] for forward in PROFILES["kps"]["portForward"]] == [15672]


def test_to_develop_code_is_copied_where_the_image_runs_it() -> None:
    targets = [patch["value"] for patch in PROFILES["dev"]["patches"] if patch["op"] == "replace"]
    syncs = [patch["value"]["manual"] for patch in PROFILES["dev"]["patches"] if patch["op"] == "add"]
    sources = {rule["strip"] for rule in syncs[0]}

    assert targets == [f"{service}-dev" for service in SETTINGS]
    for service in SETTINGS:
        assert stages()[f"{service}-dev"].arguments("ENTRYPOINT") == [
            f'["reload.py", "/opt/service", "/tmp/service", "{service}"]'
        ]
    assert {rule["dest"] for sync in syncs for rule in sync} == {"/tmp/service"}
    assert sources == {"libs/common/src/", *(f"services/{service}/src/" for service in SETTINGS)}
    assert [source for source in sources if not (ROOT / source).is_dir()] == []


def test_verify_runs_the_charts_own_test() -> None:
    [verify] = SKAFFOLD["verify"]
    container = verify["container"]

    assert container["args"] == [(CHART / "tests" / "records.py").read_text()]
    assert container["image"] in [artifact["image"] for artifact in ARTIFACTS]
    assert container["env"] == [{"name": "EXPORTER", "value": f"{RELEASE['name']}-pvsimulator-pvsim:8080"}]


def test_the_network_policies_let_verify_through() -> None:
    job = load("deploy/skaffold/verify-job.yaml")
    labels = job["spec"]["template"]["metadata"]["labels"]

    assert labels == {
        "app.kubernetes.io/name": "pvsimulator",
        "app.kubernetes.io/instance": RELEASE["name"],
        "app.kubernetes.io/component": "test",
    }
    assert [c["name"] for c in job["spec"]["template"]["spec"]["containers"]] == [
        SKAFFOLD["verify"][0]["container"]["name"]
    ]
