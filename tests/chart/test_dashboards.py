"""Dashboards: written by their programs, laid out with care, understood by Grafana, made of metrics that exist."""

import copy
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.chart.grafana import UNITS, misunderstood
from tests.chart.helm import CHART, ROOT, Manifest, render
from tests.chart.manifests import of_kind
from tests.chart.test_rules import exposed_metrics, own_metrics

NAMES = ("broker", "energy", "pipeline", "service-levels")
FILES = sorted(CHART.glob("dashboards/*.json"))
DASHBOARDS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text()) for path in FILES}
COLORS = {"PV": "dark-yellow", "Load": "blue", "Import": "red", "Export": "green"}
PALETTE = re.compile(r"((super-light|light|semi-dark|dark)-)?(red|orange|yellow|green|blue|purple)|text")
BUILT_IN = {"__range", "__rate_interval", "__interval", "__url_time_range", "__value"}
REDUCERS = {"lastNotNull", "min", "max", "mean", "diff"}
RECORDED = {
    rule["record"]
    for group in yaml.safe_load((CHART / "rules" / "pvsim.rules.yaml").read_text())["groups"]
    for rule in group["rules"]
    if "record" in rule
}

each_dashboard = pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=DASHBOARDS.keys())


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """Every panel that shows something: all but the headings."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in panels(dashboard) for target in panel.get("targets", [])]


def everything_in(value: Any, key: str) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """The values of a key, wherever it is."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from everything_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from everything_in(inner, key)


def test_the_committed_dashboards_are_what_their_programs_write(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "scripts.dashboards", tmp_path], cwd=ROOT, check=True)

    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_text() for path in FILES}, "run `make dashboards`"


def test_there_are_four_of_them_each_with_a_uid_and_a_title_of_its_own() -> None:
    assert {name: dashboard["uid"] for name, dashboard in DASHBOARDS.items()} == {
        name: f"pvsimulator-{name}" for name in NAMES
    }
    assert {dashboard["title"] for dashboard in DASHBOARDS.values()} == {
        "Broker",
        "Energy",
        "Pipeline",
        "Service levels",
    }


@pytest.mark.parametrize("values", ["default", "kps"])
def test_each_dashboard_has_a_config_map_with_the_label_that_grafana_looks_for(values: str) -> None:
    manifests: list[Manifest] = render("--values", CHART / "ci" / f"{values}-values.yaml")
    labelled = [each for each in of_kind(manifests, "ConfigMap") if "grafana_dashboard" in each["metadata"]["labels"]]

    contents = {name: content for each in labelled for name, content in each["data"].items()}

    assert {each["metadata"]["labels"]["grafana_dashboard"] for each in labelled} == {"1"}
    assert all(len(each["data"]) == 1 and len(json.dumps(each)) < 2**20 for each in labelled)
    assert {name: json.loads(content) for name, content in contents.items()} == {
        f"{name}.json": dashboard for name, dashboard in DASHBOARDS.items()
    }


@each_dashboard
def test_grafana_understands_every_field_and_value(dashboard: dict[str, Any]) -> None:
    assert misunderstood(dashboard) == []


def misspell(path: str, key: str) -> Callable[[dict[str, Any]], None]:
    """A mistake: a key below a path, such as "panels.0.options", with its last letter twice."""

    def make(dashboard: dict[str, Any]) -> None:
        place: Any = dashboard
        for step in path.split(".") if path else []:
            place = place[int(step) if step.isdigit() else step]
        place[key + key[-1]] = place.pop(key)

    return make


def spoil(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """A mistake: another value at a path."""

    def make(dashboard: dict[str, Any]) -> None:
        *steps, last = path.split(".")
        place: Any = dashboard
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value

    return make


@pytest.mark.parametrize(
    "mistake",
    [
        misspell("", "refresh"),
        misspell("links.0", "includeVars"),
        misspell("templating.list.1", "includeAll"),
        misspell("panels.0", "gridPos"),
        misspell("panels.0.targets.0", "legendFormat"),
        misspell("panels.0.options", "graphMode"),
        misspell("panels.0.fieldConfig.defaults", "thresholds"),
        misspell("panels.7.fieldConfig.defaults.custom", "lineWidth"),
        misspell("panels.7.options.legend", "placement"),
        spoil("panels.0.options.colorMode", "backround"),
        spoil("panels.7.fieldConfig.defaults.custom.drawStyle", "lines"),
        spoil("panels.7.fieldConfig.overrides.2.properties.0.id", "colour"),
        spoil("panels.7.fieldConfig.overrides.2.properties.1.id", "custom.fillOpacty"),
        spoil("graphTooltip", 7),
    ],
)
def test_a_misspelt_field_or_value_is_seen(mistake: Callable[[dict[str, Any]], None]) -> None:
    dashboard = copy.deepcopy(DASHBOARDS["energy"])

    mistake(dashboard)

    assert misunderstood(dashboard) != []


@each_dashboard
def test_units_reducers_and_colours_are_grafanas(dashboard: dict[str, Any]) -> None:
    units = {unit for unit in everything_in(dashboard["panels"], "unit") if not unit.startswith(("count:", "suffix:"))}
    named = [*everything_in(dashboard["panels"], "color"), *everything_in(dashboard["panels"], "fixedColor")]

    assert units - UNITS == set()
    assert {calc for calcs in everything_in(dashboard["panels"], "calcs") for calc in calcs} - REDUCERS == set()
    assert [color for color in named if isinstance(color, str) and not PALETTE.fullmatch(color)] == []


@each_dashboard
def test_panels_fill_the_grid_without_overlapping(dashboard: dict[str, Any]) -> None:
    cells: dict[tuple[int, int], str] = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        for y in range(place["y"], place["y"] + place["h"]):
            for x in range(place["x"], place["x"] + place["w"]):
                assert (x, y) not in cells, f"{panel['title']} lies upon {cells[x, y]}"
                cells[x, y] = panel["title"]

    assert {x for x, _ in cells} == set(range(24))
    assert len(cells) == 24 * (max(y for _, y in cells) + 1), "there is a hole"


@each_dashboard
def test_what_matters_is_on_the_first_screen(dashboard: dict[str, Any]) -> None:
    first = [panel for panel in panels(dashboard) if panel["gridPos"]["y"] == 0]
    newest = next(panel for panel in first if panel["title"] == "Simulated time")
    alerts = next(panel for panel in panels(dashboard) if panel["title"] == "Alerts")

    assert {panel["type"] for panel in first} <= {"stat", "gauge"}
    assert newest["gridPos"]["x"] + newest["gridPos"]["w"] == 24
    assert alerts["gridPos"] == newest["gridPos"] | {"y": newest["gridPos"]["h"]}


@each_dashboard
def test_every_panel_says_what_it_shows_and_in_which_unit(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        assert panel["description"].endswith("."), panel["title"]
        if panel["type"] != "text":
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert panel["datasource"]["uid"] == "${datasource}", panel["title"]


def test_pv_load_import_and_export_have_the_same_colours_everywhere() -> None:
    seen = defaultdict(set)
    for dashboard in DASHBOARDS.values():
        for panel in panels(dashboard):
            for name, color in colors_of(panel):
                if name.split()[0] in COLORS:
                    seen[name.split()[0]].add(color)

    assert seen == {name: {color} for name, color in COLORS.items()}


def colors_of(panel: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is drawn in one colour: series and columns by their names, big numbers by their titles."""
    config = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
    for override in config["overrides"]:
        for one in override["properties"]:
            if one["id"] == "color":
                yield override["matcher"]["options"], one["value"]["fixedColor"]
            if one["id"] == "thresholds":
                yield from ((override["matcher"]["options"], step["color"]) for step in one["value"]["steps"])
    if panel["type"] == "stat":
        yield from ((panel["title"], step["color"]) for step in config["defaults"]["thresholds"]["steps"])


@each_dashboard
def test_thresholds_rise_from_below_all(dashboard: dict[str, Any]) -> None:
    for steps in everything_in(dashboard["panels"], "steps"):
        first, *rest = [step["value"] for step in steps]

        assert first is None
        assert all(lower < higher for lower, higher in pairwise(rest))


@each_dashboard
def test_a_dashboard_refreshes_at_leisure_and_shares_its_cross_hair(dashboard: dict[str, Any]) -> None:
    assert dashboard["refresh"] == "10s"
    assert dashboard["graphTooltip"] == 1
    assert dashboard["timezone"] == "browser"
    assert "__inputs" not in dashboard


@each_dashboard
def test_a_dashboard_asks_for_data_source_and_namespace_and_energy_for_the_site_too(dashboard: dict[str, Any]) -> None:
    asked = [variable["name"] for variable in dashboard["templating"]["list"]]
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(dashboard["panels"])))

    assert asked == ["datasource", "namespace", *(["site", "shown"] if dashboard["title"] == "Energy" else [])]
    assert dashboard["templating"]["list"][0]["type"] == "datasource"
    assert used - BUILT_IN == set(asked)


def test_no_panel_asks_for_more_sites_one_by_one_than_a_browser_can_bear() -> None:
    variables = {variable["name"]: variable for variable in DASHBOARDS["energy"]["templating"]["list"]}
    one_by_one = [expression for expression in expressions(DASHBOARDS["energy"]) if "by (site)" in expression]

    assert len(one_by_one) == 6
    assert all('site=~"$shown"' in expression and '"$site"' not in expression for expression in one_by_one)
    assert variables["shown"]["query"]["query"].startswith("query_result(topk(100, ")
    assert "allValue" not in variables["shown"]


@each_dashboard
def test_the_dashboards_lead_to_each_other_and_keep_time_and_variables(dashboard: dict[str, Any]) -> None:
    [links] = dashboard["links"]
    addresses = {re.split(r"[/?]", url)[2] for url in everything_in(dashboard["panels"], "url")}

    assert links["type"] == "dashboards"
    assert links["tags"] == dashboard["tags"] == ["pvsimulator"]
    assert links["keepTime"] is links["includeVars"] is True
    assert addresses <= {each["uid"] for each in DASHBOARDS.values()}


@each_dashboard
def test_every_expression_asks_in_the_chosen_namespace(dashboard: dict[str, Any]) -> None:
    for expression in expressions(dashboard):
        selectors = re.findall(r"\{([^}]*)\}", expression)

        assert all(re.search(r'namespace=~?"\$namespace\|?"', selector) for selector in selectors), expression
        assert not re.search(r"\bpvsim_\w+\b(?!\{)", re.sub(r'"[^"]*"', "", expression)), expression


@each_dashboard
def test_every_expression_uses_metrics_that_exist_and_no_fixed_window(dashboard: dict[str, Any]) -> None:
    for expression in expressions(dashboard):
        assert own_metrics(expression) - exposed_metrics() - RECORDED == set(), expression
        assert not re.search(r"rate\([^)]*\[\d+[smh]\]", expression), expression


@each_dashboard
def test_a_table_shows_values_of_its_own_queries(dashboard: dict[str, Any]) -> None:
    for panel in panels(dashboard):
        if panel["type"] == "table":
            letters = {target["refId"] for target in panel["targets"]}
            names = {name for names in everything_in(panel["transformations"], "names") for name in names}

            assert {name[-1] for name in names if name.startswith("Value #")} <= letters, panel["title"]
            assert all(target["format"] == "table" and target["instant"] for target in panel["targets"])
