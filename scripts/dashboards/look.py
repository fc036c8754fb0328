"""The look that the four dashboards share: what each colour means, units, and thresholds."""

from typing import Any

# Names of Grafana's palette, which has each of them for a dark and for a light page.
PV = "dark-yellow"  # Grafana's amber
LOAD = "blue"
IMPORT = "red"
EXPORT = "green"
NEUTRAL = "text"
OTHER = "purple"  # what is none of these
GOOD, WARN, BAD = "green", "orange", "red"

WATT, KILOWATT_HOURS, SHARE = "watt", "kwatth", "percentunit"
SECONDS, BYTES, NUMBER, INSTANT = "s", "bytes", "short", "dateTimeAsIso"
AGO = "dtdurations"  # writes a negative number of seconds as "3 hours, 12 minutes ago"
READINGS_PER_SECOND, MESSAGES_PER_SECOND = "count:readings/s", "count:messages/s"

Thresholds = list[tuple[float | None, str]]
"""Colours and the values that they begin at; the first one begins at None, below all."""

ANY_IS_BAD: Thresholds = [(None, GOOD), (1e-9, BAD)]
ANY_IS_ODD: Thresholds = [(None, GOOD), (1e-9, WARN)]


def fixed(color: str) -> Thresholds:
    """One colour whatever the value."""
    return [(None, color)]


def said(text: str, color: str, *, start: float, end: float) -> dict[str, Any]:
    """A mapping that says a text instead of the values from start to end."""
    result = {"text": text, "color": color, "index": 0}
    return {"type": "range", "options": {"from": start, "to": end, "result": result}}
