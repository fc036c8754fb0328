"""The next Helm does the same with the chart."""

import subprocess
from collections.abc import Callable

import pytest
from tests.chart.helm import CHART
from tests.e2e.cluster import Namespace
from tests.e2e.journal import check
from tests.e2e.release import Release

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", autouse=True)
def helm4(require_tool: Callable[[str], None]) -> None:
    """Skips where Helm 4 could not be built."""
    require_tool("helm4")


def template(helm: str) -> str:
    values = ["--set", "rabbitmq.auth.existingSecret=mine", "--kube-version", "1.33.0"]
    return subprocess.run(
        [helm, "template", "pvsim", CHART, *values], capture_output=True, text=True, check=True
    ).stdout


def test_it_renders_what_helm_3_renders() -> None:
    assert template("helm4") == template("helm")


def test_it_installs_upgrades_and_uninstalls(namespace: Namespace) -> None:
    release = Release(namespace, file="minimal", homes=1, helm="helm4")

    release.install()
    release.upgrade("logLevel=debug")

    release.wait_for_records()
    check(release.journal())
    release.uninstall()
