"""A metric that a document, a rule or a dashboard names is one that a service exposes: a rename breaks the build."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GOLDENS = sorted((ROOT / "tests" / "pipeline" / "golden").glob("*.metrics.txt"))
RULES = ROOT / "deploy" / "helm" / "rules" / "pvsim.rules.yaml"
NAMING = [*(ROOT / "docs").glob("**/*.md"), ROOT / "README.md", RULES, *(ROOT / "deploy" / "helm").glob("dashboards/*")]

# Words that begin like our metrics and are none: packages, and settings of the exporter.
OTHERS = {"pvsim_common", "pvsim_local", "pvsim_address"}


def exposed() -> set[str]:
    """Metrics by their own names, and the series of histograms."""
    return {name for path in GOLDENS for name in re.findall(r"\bpvsim_\w+", path.read_text())}


def recorded() -> set[str]:
    """The middle of level:metric:operation, of each rule that records."""
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    return {rule["record"].split(":")[1] for rule in rules if "record" in rule}


@pytest.mark.parametrize("path", sorted(NAMING), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_metric_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bpvsim_\w+(?<!_)(?!\w*[…*])", path.read_text()))

    assert named - exposed() - recorded() - OTHERS == set()
