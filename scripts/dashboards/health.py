"""What stands at the top right of every dashboard: whether the time is now, and whether an alert fires."""

from scripts.dashboards.alerts import selector
from scripts.dashboards.look import AGO, ANY_IS_BAD, GOOD, NUMBER, WARN, said
from scripts.dashboards.panels import Panel, Query, stat

AROUND_NOW_S = 180


def health() -> list[Panel]:
    """The two panels, one above the other."""
    return [simulated_time(), firing()]


def simulated_time() -> Panel:
    """How far the newest record is from now."""
    return stat(
        "Simulated time",
        "Instant of the newest record, compared with the clock. Amber where it is not now, within three minutes: "
        "“… ago” is behind, a plain duration is ahead. That is to be expected where the meter started elsewhere "
        "(start), runs faster (speed) or has a long interval; else something has stopped. "
        "Time axes always show when a record was seen.",
        Query('max(pvsim_reading_timestamp_seconds{namespace="$namespace"}) - time()'),
        unit=AGO,
        decimals=1,
        thresholds=[(None, WARN), (-AROUND_NOW_S, GOOD), (AROUND_NOW_S, WARN)],
        mappings=[said("now", GOOD, start=-AROUND_NOW_S, end=AROUND_NOW_S)],
        no_value="no record yet",
        filled=True,
    )


def firing() -> Panel:
    """How many alerts fire."""
    return stat(
        "Alerts",
        "Alerts of pvsimulator that fire. A click leads to Service levels, which says which and what they mean.",
        Query(f"count({selector('firing')}) or vector(0)"),
        unit=NUMBER,
        thresholds=ANY_IS_BAD,
        mappings=[said("none", GOOD, start=0, end=0)],
        filled=True,
        url="/d/pvsimulator-service-levels?${__url_time_range}&${datasource:queryparam}&${namespace:queryparam}",
    )
