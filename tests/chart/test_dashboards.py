"""Dashboards: found by their label, unique, and made of metrics that exist."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.chart.helm import CHART, Manifest, render
from tests.chart.manifests import of_kind
from tests.chart.test_rules import exposed_metrics, own_metrics

FILES = sorted(CHART.glob("dashboards/*.json"))
RECORDED = (
    {
        rule["record"]
        for group in yaml.safe_load((CHART / "rules" / "pvsim.rules.yaml").read_text())["groups"]
        for rule in group["rules"]
        if "record" in rule
    }
    if (CHART / "rules" / "pvsim.rules.yaml").exists()
    else set()
)

each_dashboard = pytest.mark.parametrize(
    "dashboard", [json.loads(path.read_text()) for path in FILES], ids=[path.stem for path in FILES]
)


def panels(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every panel that shows something, those in rows too."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


@pytest.mark.parametrize("values", ["default", "kps"])
def test_each_dashboard_has_a_config_map_with_the_label_that_grafana_looks_for(values: str) -> None:
    manifests: list[Manifest] = render("--values", CHART / "ci" / f"{values}-values.yaml")
    labelled = [each for each in of_kind(manifests, "ConfigMap") if "grafana_dashboard" in each["metadata"]["labels"]]

    contents = {name: content for each in labelled for name, content in each["data"].items()}

    assert {each["metadata"]["labels"]["grafana_dashboard"] for each in labelled} == {"1"}
    assert all(len(each["data"]) == 1 and len(json.dumps(each)) < 2**20 for each in labelled)
    assert {name: json.loads(content) for name, content in contents.items()} == {
        path.name: json.loads(path.read_text()) for path in FILES
    }


def test_uid_and_title_are_unique() -> None:
    dashboards = [json.loads(path.read_text()) for path in FILES]

    assert dashboards
    for key in ("uid", "title"):
        assert len({dashboard[key] for dashboard in dashboards}) == len(dashboards)


@each_dashboard
def test_a_dashboard_asks_for_its_data_source_and_refreshes_at_leisure(dashboard: dict[str, Any]) -> None:
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    seconds = {"s": 1, "m": 60, "h": 3600}

    number, unit = re.fullmatch(r"(\d+)([smh])", dashboard["refresh"]).groups()  # type: ignore[union-attr]

    assert variables["datasource"]["type"] == "datasource"
    assert int(number) * seconds[unit] >= 5
    assert "__inputs" not in dashboard


@each_dashboard
def test_every_panel_uses_the_chosen_data_source_and_has_a_description_and_a_unit(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        assert panel.get("description"), panel["title"]
        if panel["type"] != "text":
            assert panel["datasource"]["uid"] == "${datasource}", panel["title"]
            assert panel["fieldConfig"]["defaults"].get("unit") or panel["type"] in ("table", "row"), panel["title"]


@each_dashboard
def test_every_expression_uses_metrics_that_exist_and_no_fixed_window(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            expression = target["expr"]
            assert own_metrics(expression) - exposed_metrics() - RECORDED == set(), expression
            assert not re.search(r"rate\([^)]*\[\d+[smh]\]", expression), expression
