"""What the chart's tests use is there, in the versions that scripts/chart_tools.sh names."""

import os
import re

import pytest
from tests.chart.helm import CACHE, ROOT, SCHEMAS, TOOLS, helm


@pytest.mark.skipif(
    not SCHEMAS.exists() and os.environ.get("CI") != "true", reason="no schemas of Kubernetes are there"
)
def test_the_tools_that_the_tests_of_the_chart_use_are_there() -> None:
    script = (ROOT / "scripts" / "chart_tools.sh").read_text()
    versions = dict(re.findall(r"(\w+)_version=(v[\d.]+)", script))

    built = {tool: (CACHE / "bin" / tool).resolve().name for tool in TOOLS}

    assert built == {tool: f"{tool}-{versions[tool]}" for tool in TOOLS}
    assert helm("version", "--short").stdout.strip() == versions["helm"]
    assert {path.name for path in SCHEMAS.iterdir()} >= {"crds", "v1.28.0"}
