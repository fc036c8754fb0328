"""A real cluster, the one of kubectl's current context; without `make e2e` none of it runs.

E2E=yes runs them. E2E_GRAFANA=no leaves Grafana out, where no image of it can be had. E2E_VALUES=FILE adds values, such
as a registry of one's own. E2E_KEEP=yes leaves the namespaces to look at.
"""

import logging
import os
from collections.abc import Callable, Iterator

import pytest
from tests.chart.helm import CACHE
from tests.e2e.cluster import Namespace, kubectl

collect_ignore_glob = [] if os.environ.get("E2E") == "yes" else ["test_*.py"]

log = logging.getLogger("e2e")


@pytest.fixture(scope="session", autouse=True)
def tools(require_tool: Callable[[str], None]) -> Iterator[None]:
    """The pinned helm first on the path, and a cluster that answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{CACHE / 'bin'}:{os.environ.get('PATH', os.defpath)}")
        for name in ("helm", "kubectl"):
            require_tool(name)
        log.info("cluster %s, %s", kubectl("config", "current-context").strip(), kubectl("version").replace("\n", ", "))
        if os.environ.get("E2E_GRAFANA") == "no":
            log.info("Grafana is left out: E2E_GRAFANA=no")
        yield


@pytest.fixture(scope="module")
def namespace(request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """A namespace for the module, which enforces the restricted Pod Security Standard."""
    made = Namespace(f"e2e-{request.module.__name__.rpartition('test_')[2].replace('_', '-')}")
    made.create()
    yield made
    log.info("%s at the end:\n%s", made.name, kubectl("get", "pods", namespace=made.name))
    if os.environ.get("E2E_KEEP") != "yes":
        made.delete()
