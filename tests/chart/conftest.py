"""The chart as it renders with each values file, once a session."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.chart.helm import CACHE, SCHEMAS, TOOLS, VALUES_FILES, Manifest, render

HERE = Path(__file__).parent
PATH = f"{CACHE / 'bin'}:{os.environ.get('PATH', os.defpath)}"
# Without the tools one test says so, and the others are left out; in CI each of them fails.
if os.environ.get("CI") != "true" and not (SCHEMAS.exists() and all(shutil.which(tool, path=PATH) for tool in TOOLS)):
    collect_ignore = [path.name for path in HERE.glob("test_*.py") if path.name != "test_tools.py"]


@pytest.fixture(scope="session", autouse=True)
def tools(require_tool: Callable[[str], None]) -> Iterator[None]:
    """The pinned helm and kubeconform first on the path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", PATH)
        for tool in TOOLS:
            require_tool(tool)
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
