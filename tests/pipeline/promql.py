"""The queries that the project ships, of dashboards, rules and docs/queries.md, fit for a Prometheus of seconds."""

import json
import math
import re
from pathlib import Path
from typing import Any

import yaml

from pvsim_local.prometheus import PrometheusServer

ROOT = Path(__file__).parents[2]
DASHBOARDS = sorted((ROOT / "deploy" / "helm" / "dashboards").glob("*.json"))
RULES = ROOT / "deploy" / "helm" / "rules" / "pvsim.rules.yaml"
QUERIES = ROOT / "docs" / "queries.md"

# As Grafana would fill them in, with "All" sites. Longest first: one name begins with another.
VARIABLES = {
    "$__rate_interval": "10s",
    "$__interval": "1s",
    "$__range": "5m",
    "$namespace": "local",
    "$site": ".*",
    "$shown": "home-1|home-2|home-3",
}
_SELECTOR = re.compile(r'"[^"]*"|(?:\b[a-zA-Z_:][\w:]*)?\{[^}]*\}|\b(?:pvsim|rabbitmq|process)_\w+')


def dashboard_queries() -> dict[str, str]:
    """Every expression of every dashboard, by where it stands."""
    return {
        f"{path.stem}: {panel['title']} {panel['id']}{target['refId']}": fit(target["expr"])
        for path in DASHBOARDS
        for panel in json.loads(path.read_text())["panels"]
        for target in panel.get("targets", [])
    }


def variable_queries() -> dict[str, str]:
    """What fills the choices above each dashboard, as queries."""
    return {
        f"{path.stem}: ${variable['name']}": fit(_values(variable["query"]["query"]))
        for path in DASHBOARDS
        for variable in json.loads(path.read_text())["templating"]["list"]
        if variable["type"] == "query"
    }


def documented_queries() -> dict[str, str]:
    """The blocks of docs/queries.md, by the headings above them."""
    blocks = re.findall(r"^### (.+?)$[^#]*?^```promql\n(.+?)^```$", QUERIES.read_text(), re.MULTILINE | re.DOTALL)
    return {heading: fit(block) for heading, block in blocks}


def rules(kind: str) -> dict[str, str]:
    """The expressions of the rules that record, or that alert, by their names."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule[kind]: rule["expr"] for group in groups for rule in group["rules"] if kind in rule}


def selectors(expression: str) -> set[str]:
    """The selectors of series in an expression: each has to find something, whatever the whole finds."""
    return {found for found in _SELECTOR.findall(expression) if not found.startswith('"')}


def fit(expression: str) -> str:
    """Variables filled in, and sub-queries over minutes in steps of a second: a step of minutes outlasts a test."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return re.sub(r"\[(\d+)[smhd]:\d+[smh]\]", r"[\1m:1s]", expression)


def finite(series: list[dict[str, Any]]) -> bool:
    """Whether there are series, each with a number that is one."""
    return bool(series) and all(math.isfinite(float(one["value"][1])) for one in series)


def returns_data(prometheus: PrometheusServer, expression: str) -> bool:
    """Whether the query returns series, and nothing but numbers."""
    return finite(prometheus.query(expression))


def _values(choice: str) -> str:
    """A query for what Grafana calls label_values(metric, label) and query_result(query)."""
    by_label = re.sub(r"^label_values\((.+), (\w+)\)$", r"count by (\2) (\1)", choice)
    return re.sub(r"^query_result\((.+)\)$", r"\1", by_label)
