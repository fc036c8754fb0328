"""The kinds of panels that the dashboards are made of, as Grafana's JSON has them."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any, NamedTuple

from scripts.dashboards.look import NEUTRAL, NUMBER, SHARE, Thresholds, fixed, said

Json = dict[str, Any]
Panel = Json

DATA_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
NEWEST = {"calcs": ["lastNotNull"], "fields": "", "values": False}
NOTHING = "–"


class Query(NamedTuple):
    """An expression, and how its series are called and drawn."""

    expr: str
    legend: str = ""
    color: str = ""
    area: bool = False
    dashed: bool = False
    down_to: str = ""
    """The series that the space below is filled down to."""


class Column(NamedTuple):
    """A column of a table: a label, or "Value #A" for the values of the first query."""

    source: str
    title: str
    unit: str = ""
    thresholds: Thresholds | None = None
    link: str = ""
    url: str = ""


def stat(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    thresholds: Thresholds | None = None,
    decimals: int | None = None,
    mappings: Sequence[Json] = (),
    no_value: str = NOTHING,
    line: bool = False,
    filled: bool = False,
    named: bool = False,
    url: str = "",
) -> Panel:
    """A big number: over a line of its past, filled with its colour, named, or leading elsewhere."""
    defaults = _defaults(unit, thresholds) | {"mappings": list(mappings), "noValue": no_value}
    if decimals is not None:
        defaults["decimals"] = decimals
    if url:
        defaults["links"] = [{"title": title, "url": url}]
    options = {
        "colorMode": "background" if filled else "value",
        "graphMode": "area" if line else "none",
        "justifyMode": "center",
        "orientation": "auto",
        "textMode": "value_and_name" if named else "value",
        "wideLayout": True,
        "reduceOptions": NEWEST,
    }
    return _panel("stat", title, description, queries, defaults, options, instant=not line)


def gauge(title: str, description: str, query: Query, *, thresholds: Thresholds, no_value: str = NOTHING) -> Panel:
    """A share on its way to the whole."""
    defaults = _defaults(SHARE, thresholds) | {"min": 0, "max": 1, "decimals": 0, "noValue": no_value}
    options = {
        "showThresholdLabels": False,
        "showThresholdMarkers": len(thresholds) > 1,
        "orientation": "auto",
        "reduceOptions": NEWEST,
    }
    return _panel("gauge", title, description, (query,), defaults, options, instant=True)


def curves(
    title: str,
    description: str,
    *queries: Query,
    unit: str,
    highest: float | None = None,
    legend: Sequence[str] = ("lastNotNull",),
    bars: bool = False,
    shades: str = "",
) -> Panel:
    """Lines over time, or bars upon each other; in shades of a colour where the series are alike."""
    custom = {
        "drawStyle": "bars" if bars else "line",
        "lineInterpolation": "linear",
        "lineWidth": 1 if bars else 2,
        "fillOpacity": 60 if bars else 5,
        "showPoints": "auto",
        "pointSize": 4,
        "spanNulls": False,
        "axisPlacement": "auto",
        "axisSoftMin": 0,
        "scaleDistribution": {"type": "linear"},
        "stacking": {"mode": "normal" if bars else "none", "group": "A"},
    }
    color = {"mode": "shades", "fixedColor": shades} if shades else {"mode": "palette-classic"}
    defaults = _defaults(unit) | {"custom": custom, "color": color}
    if highest is not None:
        defaults["max"] = highest
    options = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": list(legend)},
        "tooltip": {"mode": "multi", "sort": "none"},
    }
    return _panel("timeseries", title, description, queries, defaults, options, instant=False)


def states(title: str, description: str, query: Query, *, names: Sequence[tuple[str, str]]) -> Panel:
    """A bar for each series over time; names are what its values 0, 1, … mean, each with its colour."""
    mappings = [said(name, color, start=value, end=value) for value, (name, color) in enumerate(names)]
    custom = {"lineWidth": 0, "fillOpacity": 70}
    defaults = _defaults(NUMBER) | {"custom": custom, "mappings": mappings, "color": _paint(NEUTRAL)}
    options = {
        "showValue": "never",
        "rowHeight": 0.8,
        "mergeValues": True,
        "alignValue": "left",
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    return _panel("state-timeline", title, description, (query,), defaults, options, instant=False)


def table(title: str, description: str, *queries: Query, columns: list[Column], sort: str) -> Panel:
    """One line for each series; a column that is not named is left out. Sorted by a column, downwards with a minus."""
    custom = {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False, "filterable": False}
    defaults = _defaults(NUMBER) | {"custom": custom, "noValue": NOTHING}
    options = {
        "showHeader": True,
        "cellHeight": "sm",
        "sortBy": [{"displayName": sort.removeprefix("-"), "desc": sort.startswith("-")}],
    }
    panel = _panel("table", title, description, queries, defaults, options, instant=True)
    panel["targets"] = [target | {"format": "table"} for target in panel["targets"]]
    panel["fieldConfig"]["overrides"] = [_override(column.title, _cell(column)) for column in columns]
    return panel | {"transformations": _one_table(columns)}


def text(title: str, description: str, content: str) -> Panel:
    """Markdown."""
    options = {"mode": "markdown", "content": content}
    return {"type": "text", "title": title, "description": description, "options": options}


def painted(panel: Panel, colors: dict[str, str]) -> Panel:
    """The panel, with the series of these names in these colours."""
    config = panel["fieldConfig"]
    overrides = [_override(name, {"color": _paint(color)}) for name, color in colors.items()]
    return panel | {"fieldConfig": config | {"overrides": config["overrides"] + overrides}}


def today(panel: Panel) -> Panel:
    """The panel, with the day so far instead of the time range of the dashboard."""
    return panel | {"timeFrom": "now/d"}


def _panel(
    kind: str,
    title: str,
    description: str,
    queries: tuple[Query, ...],
    defaults: Json,
    options: Json,
    *,
    instant: bool,
) -> Panel:
    drawn = [(query.legend, _drawn(query)) for query in queries]
    overrides = [_override(name, properties) for name, properties in drawn if properties]
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATA_SOURCE,
        "targets": _targets(queries, instant=instant),
        "fieldConfig": {"defaults": defaults, "overrides": overrides},
        "options": options,
    }


def _defaults(unit: str, thresholds: Thresholds | None = None) -> Json:
    return {"unit": unit, "color": {"mode": "thresholds"}, "thresholds": _steps(thresholds or fixed(NEUTRAL))}


def _paint(color: str) -> Json:
    return {"mode": "fixed", "fixedColor": color}


def _steps(thresholds: Thresholds) -> Json:
    return {"mode": "absolute", "steps": [{"value": value, "color": color} for value, color in thresholds]}


def _targets(queries: tuple[Query, ...], *, instant: bool) -> list[Json]:
    return [
        {
            "refId": letter,
            "datasource": DATA_SOURCE,
            "expr": query.expr,
            "editorMode": "code",
            "instant": instant,
            "range": not instant,
            "legendFormat": query.legend,
        }
        for letter, query in zip(ascii_uppercase, queries, strict=False)
    ]


def _drawn(query: Query) -> Json:
    """What is special of how a query's series are drawn."""
    properties: Json = {}
    if query.color:
        properties["color"] = _paint(query.color)
    if query.area:
        properties |= {"custom.fillOpacity": 45, "custom.lineWidth": 0}  # nothing is seen where it is zero
    if query.dashed:
        properties |= {"custom.lineStyle": {"fill": "dash", "dash": [10, 10]}, "custom.fillOpacity": 0}
    if query.down_to:
        properties |= {"custom.fillBelowTo": query.down_to, "custom.fillOpacity": 20}
    return properties


def _cell(column: Column) -> Json:
    """How a column's cells are written."""
    properties: Json = {}
    if column.unit:
        properties["unit"] = column.unit
    if column.thresholds:
        properties["thresholds"] = _steps(column.thresholds)
        properties["custom.cellOptions"] = {"type": "color-text"}
    if column.link:
        properties["links"] = [{"title": column.link, "url": column.url}]
    return properties


def _override(name: str, properties: Json) -> Json:
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": key, "value": value} for key, value in properties.items()],
    }


def _one_table(columns: list[Column]) -> list[Json]:
    """The transformations that make one table of all queries, with these columns in this order."""
    sources = [column.source for column in columns]
    return [
        {"id": "merge", "options": {}},
        {"id": "filterFieldsByName", "options": {"include": {"names": sources}}},
        {
            "id": "organize",
            "options": {
                "indexByName": {source: at for at, source in enumerate(sources)},
                "renameByName": {column.source: column.title for column in columns},
            },
        },
    ]
