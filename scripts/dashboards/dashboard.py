"""A dashboard around its panels: where they lie, the variables above them, the links to the others."""

from typing import NamedTuple

from scripts.dashboards.panels import DATA_SOURCE, Json, Panel

TAG = "pvsimulator"
COLUMNS = 24  # of Grafana's grid
Place = tuple[int, Panel | list[Panel]]
"""How many columns a panel takes; of a list, all together."""


class Band(NamedTuple):
    """Panels side by side in the same height, under a heading where it has one."""

    height: int
    places: list[Place]
    heading: str = ""


def dashboard(title: str, description: str, *, bands: list[Band], variables: list[Json], since: str) -> Json:
    """The whole dashboard. Raises ValueError if the panels of a band do not fill it."""
    return {
        "uid": f"{TAG}-{title.lower().replace(' ', '-')}",
        "title": title,
        "description": description,
        "tags": [TAG],
        "schemaVersion": 41,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,  # the cross-hair is in all panels at once
        "refresh": "10s",
        "time": {"from": since, "to": "now"},
        "timezone": "browser",
        "timepicker": {},
        "annotations": {"list": []},
        "links": [links_to_the_others()],
        "templating": {"list": variables},
        "panels": lay_out(bands),
    }


def links_to_the_others() -> Json:
    """A button for each dashboard of this tag; it keeps the time range and the variables."""
    return {
        "title": TAG,
        "type": "dashboards",
        "tags": [TAG],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "icon": "dashboard",
        "targetBlank": False,
        "tooltip": "",
        "url": "",
    }


def data_source() -> Json:
    """The choice of the Prometheus to ask."""
    return {
        "name": "datasource",
        "label": "Data source",
        "description": "The Prometheus that scrapes pvsimulator.",
        "type": "datasource",
        "query": "prometheus",
        "refresh": 1,
        "regex": "",
        "includeAll": False,
        "multi": False,
        "current": {},
    }


def choice(name: str, description: str, *, values: str, several: bool = False) -> Json:
    """The choice of a label's value, or of several or all of them."""
    variable = {
        "name": name,
        "label": name.capitalize(),
        "description": description,
        "type": "query",
        "datasource": DATA_SOURCE,
        "query": {"query": values, "refId": name, "qryType": 1},
        "refresh": 2,  # at each change of the time range
        "sort": 7,  # home-2 before home-10
        "regex": "",
        "includeAll": several,
        "multi": several,
        "current": {"text": ["All"], "value": ["$__all"]} if several else {},
    }
    return variable | ({"allValue": ".*"} if several else {})


def computed(name: str, description: str, *, label: str, query: str) -> Json:
    """All values that a label has in the result of a query, kept up to date and out of sight."""
    hidden = choice(name, description, values=f"query_result({query})", several=True)
    del hidden["allValue"]
    hidden["query"]["qryType"] = 3  # the result of a query
    return hidden | {"regex": f'/{label}="([^"]+)"/', "hide": 2, "skipUrlSync": True}


def namespace(metric: str) -> Json:
    """The choice of a namespace that has a metric."""
    what = "Where pvsimulator runs; local or compose outside Kubernetes."
    return choice("namespace", what, values=f"label_values({metric}, namespace)")


def lay_out(bands: list[Band]) -> list[Panel]:
    """The panels with their places on the grid, from the top, and numbered."""
    panels: list[Panel] = []
    top = 0
    for band in bands:
        if band.heading:
            panels.append(_heading(band.heading, top))
            top += 1
        panels += _side_by_side(band, top)
        top += band.height
    return [{"id": number, **panel} for number, panel in enumerate(panels, start=1)]


def _heading(title: str, top: int) -> Panel:
    place = {"x": 0, "y": top, "w": COLUMNS, "h": 1}
    return {"type": "row", "title": title, "collapsed": False, "gridPos": place, "panels": []}


def _side_by_side(band: Band, top: int) -> list[Panel]:
    placed = []
    left = 0
    for width, panels in band.places:
        stack = panels if isinstance(panels, list) else [panels]
        height = band.height // len(stack)
        for at, panel in enumerate(stack):
            placed.append(panel | {"gridPos": {"x": left, "y": top + at * height, "w": width, "h": height}})
        left += width
    if left != COLUMNS:
        raise ValueError(f"a band is {left} columns wide: {[panel['title'] for panel in placed]}")
    return placed
