"""The dashboard Service levels: whether the pipeline keeps its promises, and which alerts fire."""

from collections.abc import Callable

from scripts.dashboards.alerts import explanations, selector, worst_states
from scripts.dashboards.dashboard import Band, dashboard, data_source, namespace
from scripts.dashboards.health import health
from scripts.dashboards.look import BAD, GOOD, SECONDS, SHARE, WARN, Thresholds
from scripts.dashboards.panels import Column, Json, Panel, Query, curves, stat, states, table, text

HERE = '{namespace="$namespace"}'
FRESH_S = 120
BUDGET = 0.001
BUDGET_DAYS = 30
FAST_S = 1.0
BY_A_HAIR: Thresholds = [(None, BAD), (0.99, WARN), (0.999, GOOD)]

Counter = tuple[str, str]
PUT_DOWN: Counter = (
    "pvsim_readings_consumed_total",
    '{namespace="$namespace", outcome=~"recorded|duplicate"}',
)
SET_ASIDE: Counter = (
    "pvsim_readings_consumed_total",
    '{namespace="$namespace", outcome=~"quarantined|discarded"}',
)
CONFIRMED: Counter = ("pvsim_readings_published_total", '{namespace="$namespace", outcome="confirmed"}')
MESSAGES: Counter = ("pvsim_record_delay_seconds_count", HERE)
FAST: Counter = ("pvsim_record_delay_seconds_bucket", f'{{namespace="$namespace", le="{FAST_S}"}}')

AGE = f"max(time() - pvsim_journal_last_write_timestamp_seconds{HERE} and pvsim_journal_bytes{HERE} > 0)"
ALLOWED = f"clamp_min(3 * (max(pvsim_meter_interval_seconds{HERE}) or vector(0)), {FRESH_S})"
# An exporter that cannot be scraped leaves no age, and counts as stale.
FRESH = f'({AGE} <= bool {ALLOWED}) or 0 * max(up{{namespace="$namespace", job="exporter"}} == 0)'


def service_levels() -> Json:
    """The whole dashboard."""
    return dashboard(
        "Service levels",
        "Whether the pipeline keeps its promises: records are fresh, none is lost, all are fast; and which alerts "
        "fire.",
        since="now-24h",
        variables=[data_source(), namespace("pvsim_build_info")],
        bands=[
            Band(6, [(4, freshness()), (4, delivery()), (4, speed()), (4, understood()), (4, budget()), (4, health())]),
            Band(11, [(24, alarms())], heading="Alerts"),
            Band(11, [(12, raised()), (12, meanings())]),
            Band(4, [(24, stale())], heading="Over time"),
            Band(8, [(8, age()), (8, delivered()), (8, delay())]),
        ],
    )


def counted(metric: str, selector: str = HERE) -> str:
    """How much a counter rose in the time shown."""
    return f"sum(increase({metric}{selector}[$__range]))"


def risen(metric: str, selector: str = HERE) -> str:
    """How fast a counter rises."""
    return f"sum(rate({metric}{selector}[$__rate_interval]))"


def freshness() -> Panel:
    """The share of good time."""
    return stat(
        "Fresh",
        f"Share of the time shown in which the newest record was written less than {FRESH_S // 60} minutes before "
        "(or three intervals of the meter, where that is longer). Time without an exporter to ask counts as stale, "
        "time before anything was written does not count.",
        Query(f"avg_over_time(({FRESH})[$__range:$__interval])"),
        unit=SHARE,
        decimals=2,
        thresholds=BY_A_HAIR,
    )


def delivery() -> Panel:
    """The share of readings that arrived."""
    return stat(
        "Delivered",
        "Readings that pvsim recorded, or had recorded before, as a share of those the broker confirmed to the "
        "meter in the time shown. What still waits in a queue is missing here until it is recorded. A short range "
        "is a little blurred, since the two are counted a few seconds apart.",
        Query(ratio(counted, PUT_DOWN, CONFIRMED)),
        unit=SHARE,
        decimals=2,
        thresholds=[(None, BAD), (0.95, WARN), (0.99, GOOD)],
        no_value="nothing published",
    )


def ratio(over: Callable[..., str], part: Counter, whole: Counter) -> str:
    """Part of a whole, at most 1; nothing where there is no whole."""
    return f"clamp_max({over(*part)} / ({over(*whole)} > 0), 1)"


def speed() -> Panel:
    """The share of fast messages."""
    return stat(
        "Fast",
        f"Share of the messages in the time shown whose records were on disk within {FAST_S:g} second after they were "
        "published. Those that waited for an outage to end are not fast.",
        Query(ratio(counted, FAST, MESSAGES)),
        unit=SHARE,
        decimals=2,
        thresholds=[(None, BAD), (0.95, WARN), (0.99, GOOD)],
        no_value="no message",
    )


def understood() -> Panel:
    """The share of good messages."""
    bad, good = counted(*SET_ASIDE), counted(*MESSAGES)
    return stat(
        "Understood",
        "Share of the messages in the time shown that pvsim understood; the others are in quarantine, or were "
        "discarded because that was full.",
        Query(f"1 - {bad} / ({bad} + {good} > 0)"),
        unit=SHARE,
        decimals=2,
        thresholds=BY_A_HAIR,
        no_value="no message",
    )


def budget() -> Panel:
    """What is left of the allowed stale time."""
    allowed_s = BUDGET * BUDGET_DAYS * 86400
    stale_s = f"60 * (sum_over_time((1 - ({FRESH}))[{BUDGET_DAYS}d:1m]) or vector(0))"
    return stat(
        "Error budget left",
        f"Records may be stale {BUDGET:.1%} of {BUDGET_DAYS} days, which is {allowed_s / 60:.0f} minutes: what is "
        "left of them, whatever the time range of the dashboard. Minutes that Prometheus does not know, before it "
        "was installed or beyond its retention, count as fresh. Below zero, better leave things as they are until "
        "it has recovered.",
        Query(f"1 - {stale_s} / {allowed_s:.0f}"),
        unit=SHARE,
        decimals=0,
        thresholds=[(None, BAD), (0.25, WARN), (0.5, GOOD)],
    )


def alarms() -> Panel:
    """Every alert over time."""
    return states(
        "State of each alert",
        "Green is quiet, amber is pending (its condition holds, but not for long enough), red is firing.",
        Query(worst_states(), "{{alertname}}"),
        names=[("quiet", GOOD), ("pending", WARN), ("firing", BAD)],
    )


def raised() -> Panel:
    """The alerts that are not quiet, in detail."""
    return table(
        "Pending and firing",
        "Each alert that is not quiet, and whom it is about. Empty is good.",
        Query(selector()),
        columns=[
            Column("alertname", "Alert"),
            Column("alertstate", "State"),
            Column("severity", "Severity"),
            Column("job", "Service"),
            Column("instance", "Instance"),
        ],
        sort="State",
    )


def meanings() -> Panel:
    """What each alert means."""
    return text(
        "What they mean",
        "The alerts of the rules that come with pvsimulator.",
        f"{explanations()}\n\nWhat to do: docs/operations.md, *When an alert fires*.",
    )


def age() -> Panel:
    """How stale the records were."""
    return curves(
        "Age of the newest record",
        "How long ago the journal was written, by the clock; of several exporters, the one that waits longest. "
        "The dashed line is where stale begins.",
        Query(AGE, "age", "blue"),
        Query(ALLOWED, "allowed", BAD, dashed=True),
        unit=SECONDS,
        legend=("max",),
    )


def delay() -> Panel:
    """How many messages were fast."""
    return curves(
        "Fast messages",
        f"Share of the messages whose records were on disk within {FAST_S:g} second after they were published.",
        Query(ratio(risen, FAST, MESSAGES), "fast", GOOD),
        unit=SHARE,
        highest=1,
        legend=("min", "mean"),
    )


def delivered() -> Panel:
    """How many readings arrived."""
    return curves(
        "Delivered readings",
        "Readings that pvsim put down, as a share of those confirmed to the meter at the same time. A dip that is "
        "followed by nothing but a full share was an outage that was made up for: what is beyond 1 then is cut off.",
        Query(ratio(risen, PUT_DOWN, CONFIRMED), "delivered", GOOD),
        unit=SHARE,
        highest=1,
        legend=("min", "mean"),
    )


def stale() -> Panel:
    """When records were stale."""
    return states(
        "Fresh",
        "Whether the newest record was fresh: green it was, red it was not.",
        Query(FRESH, "records"),
        names=[("stale", BAD), ("fresh", GOOD)],
    )
