"""The chart as it renders with each values file, once a session."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.chart.helm import CACHE, VALUES_FILES, Manifest, render


@pytest.fixture(scope="session", autouse=True)
def tools(require_tool: Callable[[str], None]) -> Iterator[None]:
    """The pinned helm and kubeconform first on the path; without them the chart's tests are skipped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{CACHE / 'bin'}:{os.environ.get('PATH', os.defpath)}")
        for name in ("helm", "kubeconform"):
            require_tool(name)
        yield


@pytest.fixture(params=VALUES_FILES, ids=lambda path: path.name.removesuffix("-values.yaml"))
def values_file(request: pytest.FixtureRequest) -> Path:
    """Each of ci/*-values.yaml."""
    path: Path = request.param
    return path


@pytest.fixture
def manifests(values_file: Path) -> list[Manifest]:
    """What the chart renders to with each values file."""
    return render("--values", values_file)


@pytest.fixture
def default() -> list[Manifest]:
    """What the chart renders to without any value."""
    return render()
