"""Who imports whom is as agreed, and each service runs with its own requirements alone."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FOREIGN = {  # modules that a service's environment must not hold
    "meter": ["pvlib", "pandas", "pvsim", "exporter", "pvsim_local"],
    "pvsim": ["meter", "exporter", "pvsim_local"],
    "exporter": ["pika", "pvlib", "pandas", "meter", "pvsim", "pvsim_local"],
    "dataset": ["exporter", "pvsim_local"],
}
PACKAGES = {service: ["common", service] for service in FOREIGN} | {"dataset": ["common", "meter", "pvsim", "dataset"]}
PIPS_SETTINGS = {"UV_DEFAULT_INDEX": "PIP_INDEX_URL", "UV_FIND_LINKS": "PIP_FIND_LINKS"}  # uv does not read them itself
NO_NETWORK = ("dns error", "error sending request", "Failed to fetch", "Could not connect", "operation timed out")

each_service = pytest.mark.parametrize("service", FOREIGN)


def run(*command: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing in its environment that could lend it a module or a setting."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PVSIM"))}
    environment = {ours: os.environ[pips] for ours, pips in PIPS_SETTINGS.items() if pips in os.environ} | environment
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=240)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels of our packages, as they would be installed."""
    directory = tmp_path_factory.mktemp("wheels")
    for package in ("libs/common", *(f"services/{service}" for service in FOREIGN)):
        built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory, cwd=ROOT / package)
        assert built.returncode == 0, built.stderr
    return directory


@pytest.fixture(scope="module")
def environment_of(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Callable[[str], Path]:
    """Makes a fresh environment that holds a service, and nothing but what it requires."""
    made: dict[str, Path] = {}

    def environment_of(service: str) -> Path:
        if service not in made:
            made[service] = fresh_environment(tmp_path_factory.mktemp(service) / "venv", service, wheels)
        return made[service]

    return environment_of


def fresh_environment(directory: Path, service: str, wheels: Path) -> Path:
    uv = [BIN / "uv", "--no-config", "--quiet"]
    install = [*uv, "pip", "install", "--python", directory]
    made = run(*uv, "venv", "--python", sys.executable, directory)
    assert made.returncode == 0, made.stderr
    required = run(*install, "--require-hashes", "-r", ROOT / "requirements" / f"{service}.txt")
    if any(sign in required.stderr for sign in NO_NETWORK):
        refuse_or_skip(f"the package index is out of reach: {required.stderr.strip().splitlines()[-1]}")
    assert required.returncode == 0, required.stderr
    ours = [next(wheels.glob(f"pvsim_{name}-*.whl")) for name in PACKAGES[service]]
    installed = run(*install, "--no-deps", "--no-index", *ours)
    assert installed.returncode == 0, installed.stderr
    return directory


def refuse_or_skip(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def test_the_import_contracts_are_kept() -> None:
    checked = run(BIN / "lint-imports", "--no-logo", "--no-cache")

    assert checked.returncode == 0, checked.stdout


@each_service
def test_a_service_explains_itself_in_an_environment_of_its_own(
    service: str, environment_of: Callable[[str], Path], tmp_path: Path
) -> None:
    explained = run(environment_of(service) / "bin" / service, "--help", cwd=tmp_path)

    assert explained.returncode == 0, explained.stderr
    assert f"usage: {service}" in explained.stdout
    assert "--log-level" in explained.stdout


@each_service
def test_a_service_refuses_a_wrong_setting_in_an_environment_of_its_own(
    service: str, environment_of: Callable[[str], Path], tmp_path: Path
) -> None:
    refused = run(environment_of(service) / "bin" / service, "--log-level=loud", cwd=tmp_path)

    assert refused.returncode == 2
    assert refused.stderr.startswith(f"{service}: error: log_level")
    assert len(refused.stderr.splitlines()) == 1


@each_service
def test_a_services_main_can_be_imported_in_an_environment_of_its_own(
    service: str, environment_of: Callable[[str], Path], tmp_path: Path
) -> None:
    imported = run(
        environment_of(service) / "bin" / "python", "-W", "error", "-c", f"import {service}.main", cwd=tmp_path
    )

    assert (imported.returncode, imported.stdout, imported.stderr) == (0, "", "")


@each_service
def test_an_environment_holds_nothing_that_its_service_does_not_need(
    service: str, environment_of: Callable[[str], Path], tmp_path: Path
) -> None:
    question = f"import importlib.util as u; print(*(m for m in {FOREIGN[service]} if u.find_spec(m)))"
    found = run(environment_of(service) / "bin" / "python", "-c", question, cwd=tmp_path)

    assert (found.returncode, found.stdout.strip()) == (0, "")
