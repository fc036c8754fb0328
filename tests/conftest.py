"""What all tests share."""

import os
import shutil
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

# A machine may be busy with others: neither an example nor the making of it is late then.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], None]:
    """`require_tool("promtool")`: a test that needs a program is skipped where it is not installed, but never in CI."""
    return _require_tool


def _require_tool(name: str) -> None:
    if shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin") is not None:
        return
    reason = f"{name} is not installed; `make test` installs it where it may"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
