"""Helm as the tests call it: it lints, renders and packages, without the network and without the user's settings."""

import functools
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm"
VALUES_FILES = sorted(CHART.glob("ci/*-values.yaml"))
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pvsimulator"  # of scripts/chart_tools.sh
SCHEMAS = CACHE / "schemas" / "current"
TOOLS = ("helm", "kubeconform")
RELEASE = "pvsim"
NAMESPACE = "homes"

Manifest: TypeAlias = dict[str, Any]


def helm(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run helm; what it says is in the result, also where it fails."""
    home = Path(tempfile.gettempdir()) / "pvsimulator-no-helm-settings"
    nowhere = "http://127.0.0.1:9"
    environment = os.environ | {f"HELM_{kind}_HOME": str(home) for kind in ("CONFIG", "CACHE", "DATA")}
    environment |= {"HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "KUBECONFIG": str(home)}
    words = ["helm", *(str(argument) for argument in arguments)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)


def template(*arguments: object, release: str = RELEASE, chart: Path = CHART) -> subprocess.CompletedProcess[str]:
    """Run `helm template` with further arguments, such as "--set", "a=b"."""
    return helm("template", release, chart, "--namespace", NAMESPACE, *arguments)


@functools.cache
def text(*arguments: object, release: str = RELEASE, chart: Path = CHART) -> str:
    """What the chart renders to. Raises AssertionError with what helm says."""
    rendered = template(*arguments, release=release, chart=chart)
    assert rendered.returncode == 0, rendered.stderr
    return rendered.stdout


def render(*arguments: object, release: str = RELEASE, chart: Path = CHART) -> list[Manifest]:
    """The manifests that the chart renders to, each time anew."""
    documents = yaml.load_all(text(*arguments, release=release, chart=chart), Loader=yaml.CSafeLoader)
    return [document for document in documents if document]
