"""The images as they were built. Without a docker daemon that has them (`make images`) these are skipped, in CI too."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from tests.images.files import SETTINGS, VERSION

from pvsim_local.waiting import until

MOST_MB = {"meter": 200, "exporter": 170, "pvsim": 400}
LOCKED = ["--read-only", "--user", "10001:10001", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]

each_service = pytest.mark.parametrize("service", SETTINGS)


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=check, timeout=120)


def image(service: str) -> str:
    return f"pvsimulator/{service}:{VERSION}"


def inspected(service: str) -> dict[str, Any]:
    [found] = json.loads(docker("image", "inspect", image(service)).stdout)
    return dict(found)


@pytest.fixture(scope="module", autouse=True)
def _images() -> None:
    if shutil.which("docker") is None or docker("version", check=False).returncode != 0:
        pytest.skip("no docker daemon answers")
    missing = [
        image(service) for service in SETTINGS if docker("image", "inspect", image(service), check=False).returncode
    ]
    if missing:
        pytest.skip(f"not built: {', '.join(missing)}; `make images` builds them")


@pytest.fixture
def started() -> Any:  # noqa: ANN401 - a generator of a function
    """Starts a service in a locked container and gives the container's id; afterwards it is removed."""
    containers: list[str] = []

    def start(service: str) -> str:
        options = [*LOCKED, "--tmpfs", "/data:uid=10001,gid=10001", "--detach"]
        containers.append(docker("run", *options, image(service)).stdout.strip())
        return containers[-1]

    yield start
    for container in containers:
        docker("rm", "--force", container)


@each_service
def test_an_image_is_small(service: str) -> None:
    assert inspected(service)["Size"] / 1e6 <= MOST_MB[service]


@each_service
def test_an_image_says_what_it_is(service: str) -> None:
    configuration = inspected(service)["Config"]
    prefix = "org.opencontainers.image."

    assert configuration["User"] == "10001:10001"
    assert configuration["StopSignal"] == "SIGTERM"
    assert configuration["Labels"][f"{prefix}title"] == f"pvsimulator {service}"
    assert configuration["Labels"][f"{prefix}version"] == VERSION
    assert configuration["Labels"][f"{prefix}licenses"] == "Apache-2.0"
    assert f"{prefix}source" in configuration["Labels"]


@each_service
def test_an_image_has_no_compiler_and_no_package_manager(service: str) -> None:
    look = "for p in gcc cc pip pip3 apt apt-get perl; do command -v $p; done; python3 -c 'import pip' 2>&1 | tail -1"

    said = docker("run", "--rm", *LOCKED, "--entrypoint", "sh", image(service), "-c", look, check=False).stdout

    assert said == "ModuleNotFoundError: No module named 'pip'\n"


@each_service
def test_a_service_gets_healthy_on_a_read_only_disk_and_ends_when_asked(
    service: str, started: Callable[[str], str]
) -> None:
    container = started(service)
    ask = re.sub(r"\$\{\w+:-(\d+)\}", r"\1", inspected(service)["Config"]["Healthcheck"]["Test"][1])

    until(lambda: docker("exec", container, "sh", "-c", ask, check=False).returncode == 0, timeout_s=60, every_s=0.5)
    docker("stop", "--time", "20", container)

    assert docker("inspect", "--format", "{{.State.ExitCode}}", container).stdout.strip() == "0"


@pytest.mark.parametrize("service", ["pvsim", "exporter"])
def test_a_new_volume_belongs_to_the_service(service: str) -> None:
    owner = docker("run", "--rm", *LOCKED, "--entrypoint", "stat", image(service), "--format", "%u:%g", "/data").stdout

    assert owner.strip() == "10001:10001"
