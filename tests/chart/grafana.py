"""Grafana's schema of dashboards, as its Foundation SDK has it: what in a dashboard Grafana would not understand."""

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

UNITS = {unit for name, unit in vars(units).items() if not name.startswith("_") and isinstance(unit, str)}
TRANSFORMATIONS = {  # their options are free in the schema
    "merge": set[str](),
    "filterFieldsByName": {"include"},
    "organize": {"indexByName", "renameByName", "excludeByName"},
}

register_default_plugins()


def misunderstood(dashboard: dict[str, Any]) -> list[str]:
    """The fields that the schema does not have, and the values that it does not allow."""
    spread = dashboard | {"panels": [each for panel in dashboard["panels"] for each in with_its_overrides(panel)]}
    model = Dashboard.from_json(spread)
    return [*_lost(spread, json.loads(JSONEncoder().encode(model)), ""), *_wrong(model, ""), *_transformations(spread)]


def with_its_overrides(panel: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The panel, and again with each override as its default: the schema leaves free what an override may hold."""
    yield panel
    for override in panel.get("fieldConfig", {}).get("overrides", []):
        config = json.loads(json.dumps(panel["fieldConfig"]))
        for one in override["properties"]:
            *path, last = one["id"].split(".")
            place = config["defaults"]
            for step in path:
                place = place.setdefault(step, {})
            place[last] = one["value"]
        yield panel | {"fieldConfig": config}


def _lost(sent: Any, returned: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """What is not there any more once the SDK has read a dashboard and written it again."""
    if isinstance(sent, dict) and isinstance(returned, dict):
        for key, value in sent.items():
            if key in returned:
                yield from _lost(value, returned[key], f"{path}.{key}")
            else:
                yield f"unknown field {path}.{key}"
    elif isinstance(sent, list) and isinstance(returned, list) and len(sent) == len(returned):
        for at, (one, other) in enumerate(zip(sent, returned, strict=True)):
            yield from _lost(one, other, f"{path}[{at}]")
    elif sent != returned:
        yield f"{path} comes back as {returned!r}"


def _wrong(model: object, path: str) -> Iterator[str]:
    """The values that are none of those their field may have."""
    if isinstance(model, list):
        for at, one in enumerate(model):
            yield from _wrong(one, f"{path}[{at}]")
    elif hasattr(model, "__dict__") and not isinstance(model, Enum):
        hints = get_type_hints(type(model))
        for name, value in vars(model).items():
            allowed = set(_choices(hints.get(name)))
            if allowed and value is not None and value not in allowed:
                yield f"{path}.{name} may not be {value!r}"
            yield from _wrong(value, f"{path}.{name}")


def _choices(hint: Any) -> Iterator[object]:  # noqa: ANN401 - any type
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield from (member.value for member in hint)
    elif type(None) in get_args(hint):
        for one in get_args(hint):
            yield from _choices(one)


def _transformations(dashboard: dict[str, Any]) -> Iterator[str]:
    for panel in dashboard["panels"]:
        for one in panel.get("transformations", []):
            if one["id"] not in TRANSFORMATIONS or one["options"].keys() - TRANSFORMATIONS[one["id"]]:
                yield f"unknown transformation or option: {one}"
