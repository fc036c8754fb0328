"""The next Helm does the same with the chart."""

import subprocess
from collections.abc import Callable

import pytest
import yaml
from tests.chart.helm import CHART, Manifest
from tests.e2e.cluster import Namespace
from tests.e2e.journal import check
from tests.e2e.release import Release

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", autouse=True)
def helm4(require_tool: Callable[[str], None]) -> None:
    """Skips where Helm 4 could not be built."""
    require_tool("helm4")


def render(helm: str) -> list[Manifest]:
    """What the chart renders to; the two differ in empty lines."""
    command = [
        helm,
        "template",
        "pvsim",
        str(CHART),
        "--set",
        "rabbitmq.auth.existingSecret=mine",
        "--kube-version",
        "1.33.0",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [document for document in yaml.safe_load_all(text) if document]


def test_it_renders_what_helm_3_renders() -> None:
    assert render("helm4") == render("helm") != []


def test_it_installs_upgrades_and_uninstalls(namespace: Namespace) -> None:
    release = Release(namespace, file="minimal", homes=1, helm="helm4")

    release.install()
    release.upgrade("logLevel=debug")

    release.wait_for_records()
    check(release.journal())
    release.uninstall()
