"""The scripts around the images: reload.py starts changed code again, images.sh hands images to a cluster."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.images.files import ROOT, VERSION

from pvsim_local.waiting import until

RELOAD = ROOT / "deploy" / "images" / "reload.py"
SERVICE = """import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
from greeter import WORD
print(WORD, flush=True)
while True:
    signal.pause()
"""


class Reloaded:
    """A service under reload.py, its code and what it printed."""

    def __init__(self, directory: Path) -> None:
        self.copy, self.log = directory / "copy", directory / "log"
        package = directory / "original" / "greeter"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("WORD = 'first'\n")
        program = directory / "service.py"
        program.write_text(SERVICE)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, RELOAD, package.parent, self.copy, sys.executable, program],
                env=os.environ | {"PYTHONPATH": str(self.copy), "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=log,
                stderr=log,
            )

    def said(self) -> list[str]:
        """The lines that were printed so far."""
        return self.log.read_text().splitlines()


@pytest.fixture
def reloaded(tmp_path: Path) -> Iterator[Reloaded]:
    running = Reloaded(tmp_path)
    try:
        until(lambda: running.said() == ["first"])
        yield running
    finally:
        running.process.terminate()  # not kill: it takes its service along
        running.process.wait(timeout=20)


def test_changed_code_is_started_again(reloaded: Reloaded) -> None:
    (reloaded.copy / "greeter" / "__init__.py").write_text("WORD = 'second'\n")

    until(lambda: reloaded.said()[-1] == "second")


def test_code_of_another_service_starts_nothing_again(reloaded: Reloaded) -> None:
    (reloaded.copy / "other").mkdir()
    (reloaded.copy / "other" / "__init__.py").write_text("")
    (reloaded.copy / "greeter" / "__init__.py").write_text("WORD = 'second'\n")

    until(lambda: reloaded.said()[-1] == "second")
    assert len(reloaded.said()) == 3


def test_a_service_that_is_reloaded_ends_with_its_pod(reloaded: Reloaded) -> None:
    reloaded.process.send_signal(signal.SIGTERM)

    assert reloaded.process.wait(timeout=20) == 0


def load_into(context: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the images into a cluster; programs that only say how they were called stand in for the real ones."""
    for name in ("kind", "k3d", "minikube"):
        (directory / name).write_text('#!/bin/sh\necho "$(basename "$0") $*"\n')
    (directory / "kubectl").write_text(f"#!/bin/sh\necho {context}\n")
    for program in directory.iterdir():
        program.chmod(0o755)
    path = {"PATH": f"{directory}:{os.environ.get('PATH', os.defpath)}"}
    command = [str(ROOT / "scripts" / "images.sh"), "load"]
    return subprocess.run(command, env=os.environ | path | environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("context", "call"),
    [
        ("kind-lab", "kind load docker-image --name lab"),
        ("k3d-lab", "k3d image import --cluster lab"),
        ("minikube", "minikube --profile minikube image load"),
    ],
)
def test_images_are_loaded_by_the_clusters_own_program(context: str, call: str, tmp_path: Path) -> None:
    loaded = load_into(context, tmp_path)

    assert loaded.stdout.splitlines() == [
        f"{call} pvsimulator/{name}:{VERSION}" for name in ("meter", "pvsim", "exporter", "dataset")
    ]


def test_any_other_cluster_needs_a_command(tmp_path: Path) -> None:
    refused = load_into("somewhere", tmp_path)
    loaded = load_into("somewhere", tmp_path, LOAD_COMMAND="echo load")

    assert refused.returncode == 1
    assert "LOAD_COMMAND" in refused.stderr
    assert loaded.stdout.splitlines()[0] == f"load pvsimulator/meter:{VERSION}"
