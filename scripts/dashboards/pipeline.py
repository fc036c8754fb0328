"""The dashboard Pipeline: readings on their way from the meter to the journal, and what the services take for it."""

from scripts.dashboards.dashboard import Band, dashboard, data_source, namespace
from scripts.dashboards.health import health
from scripts.dashboards.journal import (
    checkpoint_age,
    checkpoint_size,
    invalid,
    journal_size,
    last_write,
    segments,
    time_left,
    upkeep,
    volume_used,
)
from scripts.dashboards.look import (
    ANY_IS_BAD,
    ANY_IS_ODD,
    BAD,
    BYTES,
    GOOD,
    MESSAGES_PER_SECOND,
    NUMBER,
    READINGS_PER_SECOND,
    SECONDS,
    WARN,
)
from scripts.dashboards.panels import Column, Json, Panel, Query, curves, painted, stat, states, table

SERVICES = '{namespace="$namespace", job=~"meter|pvsim|exporter"}'
SERVICE_COLORS = {"meter": "blue", "pvsim": "orange", "exporter": "purple"}


def pipeline() -> Json:
    """The whole dashboard."""
    return dashboard(
        "Pipeline",
        "Readings on their way from the meter through the broker to the journal, and the services that carry them.",
        since="now-30m",
        variables=[data_source(), namespace("pvsim_build_info")],
        bands=[
            Band(6, [(4, recorded()), (4, delay()), (4, waiting()), (4, gaps()), (4, set_aside()), (4, health())]),
            Band(8, [(12, flow()), (12, delays())], heading="From the meter to the journal"),
            Band(7, [(12, queues()), (12, trouble())]),
            Band(6, [(12, connected()), (6, reconnects()), (6, clocks())], heading="Connections and clocks"),
            Band(
                8,
                [
                    (8, flushes()),
                    (8, journal_size()),
                    (4, [volume_used(), time_left()]),
                    (4, [last_write(), invalid()]),
                ],
                heading="Journal and its volume",
            ),
            Band(6, [(10, upkeep()), (8, segments()), (6, [checkpoint_size(), checkpoint_age()])]),
            Band(8, [(7, processors()), (7, memory()), (7, versions()), (3, pages())], heading="Services"),
        ],
    )


def recorded() -> Panel:
    """The rate of records."""
    return stat(
        "Recorded",
        "Readings that became records in the journal, each second; the line is its past.",
        Query(consumed("recorded")),
        unit=READINGS_PER_SECOND,
        line=True,
    )


def consumed(outcome: str) -> str:
    """Rate of what pvsim consumed with an outcome."""
    return f'sum(rate(pvsim_readings_consumed_total{{namespace="$namespace", outcome="{outcome}"}}[$__rate_interval]))'


def published(outcome: str) -> str:
    """Rate of what the meter published with an outcome."""
    return f'sum(rate(pvsim_readings_published_total{{namespace="$namespace", outcome="{outcome}"}}[$__rate_interval]))'


def delay() -> Panel:
    """The usual delay."""
    return stat(
        "Record delay",
        "From publishing a message to its records being on disk, by the clock: 95 of 100 messages were faster.",
        Query(percentile(0.95, "pvsim_record_delay_seconds")),
        unit=SECONDS,
        thresholds=[(None, GOOD), (1, WARN), (60, BAD)],
        line=True,
    )


def percentile(share: float, histogram: str) -> str:
    """A percentile of a histogram; nothing, instead of NaN, while nothing was observed."""
    rate = f'sum by (le) (rate({histogram}_bucket{{namespace="$namespace"}}[$__rate_interval]))'
    return f"histogram_quantile({share}, {rate}) >= 0"


def waiting() -> Panel:
    """Messages that pvsim has not taken yet."""
    return stat(
        "Waiting",
        "Messages that wait for pvsim in all queues of readings; the quarantine is not among them. "
        "The meter pauses at max_ready of them in a queue.",
        Query('sum(max by (queue) (pvsim_queue_ready_messages{namespace="$namespace", queue!="readings.quarantine"}))'),
        unit=NUMBER,
        thresholds=[(None, GOOD), (100, WARN), (10000, BAD)],
        no_value="unknown",
        line=True,
    )


def gaps() -> Panel:
    """Readings that are missing between others."""
    return stat(
        "Gaps",
        "Breaks in the instants of the sites, in all journals. One that is filled later disappears. A gap stays "
        "where the meter was away longer than catch_up_limit, and where its start or interval was changed.",
        Query('sum(pvsim_journal_gaps{namespace="$namespace"})'),
        unit=NUMBER,
        thresholds=ANY_IS_ODD,
    )


def set_aside() -> Panel:
    """Messages that pvsim could not understand."""
    outcomes = '{namespace="$namespace", outcome=~"quarantined|discarded"}'
    return stat(
        "Set aside",
        "Messages in the time shown that pvsim did not understand: they wait in readings.quarantine, each with its "
        "reason, or were discarded because that queue was full.",
        Query(f"sum(increase(pvsim_readings_consumed_total{outcomes}[$__range]))"),
        unit=NUMBER,
        decimals=0,
        thresholds=ANY_IS_BAD,
    )


def flow() -> Panel:
    """What goes in and what comes out."""
    return curves(
        "Published and recorded",
        "Readings that the broker confirmed to the meter, and those that pvsim recorded. The two lines lie upon "
        "each other while pvsim keeps up. Duplicates were published again after a lost connection and dropped, as "
        "they should be.",
        Query(published("confirmed"), "published", "blue"),
        Query(consumed("recorded"), "recorded", "green"),
        Query(consumed("duplicate"), "duplicate", "purple", dashed=True),
        unit=READINGS_PER_SECOND,
        legend=("lastNotNull", "max"),
    )


def delays() -> Panel:
    """The delay's distribution."""
    return curves(
        "Record delay",
        "From publishing a message to its records being on disk, by the clock: half of the messages, 95 and 99 of "
        "100 were faster. Nothing is drawn while no message arrives.",
        *(
            Query(percentile(share, "pvsim_record_delay_seconds"), f"p{share * 100:.0f}", color)
            for share, color in ((0.5, "green"), (0.95, "orange"), (0.99, "red"))
        ),
        unit=SECONDS,
        legend=("lastNotNull", "max"),
    )


def queues() -> Panel:
    """The queues, one by one."""
    panel = curves(
        "Messages in each queue",
        "Messages that wait, as the broker told pvsim and the meter last. Each partition has its queue; what is in "
        "readings.quarantine stays there until somebody takes it out.",
        Query('max by (queue) (pvsim_queue_ready_messages{namespace="$namespace"})', "{{queue}}"),
        unit=NUMBER,
        legend=("lastNotNull", "max"),
    )
    return painted(panel, {"readings.quarantine": BAD})


def trouble() -> Panel:
    """All outcomes that should not be."""
    return curves(
        "Refused and set aside",
        "What should not be: readings the broker refused (the meter publishes them again), messages it returned "
        "because their queue was missing, messages that pvsim quarantined or had to discard.",
        Query(published("refused"), "refused", "orange"),
        Query(published("returned"), "returned", "purple"),
        Query(consumed("quarantined"), "quarantined", "red"),
        Query(consumed("discarded"), "discarded", "dark-red"),
        unit=MESSAGES_PER_SECOND,
        legend=("max",),
        bars=True,
    )


def connected() -> Panel:
    """The connections over time."""
    return states(
        "Connected",
        "Whether each meter and pvsim has an open channel to the broker: green it has, red it has not and tries again.",
        Query('pvsim_broker_connected{namespace="$namespace"}', "{{job}} {{instance}}"),
        names=[("disconnected", BAD), ("connected", GOOD)],
    )


def reconnects() -> Panel:
    """How often connections were lost."""
    return stat(
        "Lost or refused connections",
        "Connections to the broker that were lost or refused in the time shown.",
        Query('sum by (job) (increase(pvsim_broker_reconnects_total{namespace="$namespace"}[$__range]))', "{{job}}"),
        unit=NUMBER,
        decimals=0,
        thresholds=ANY_IS_ODD,
        named=True,
    )


def clocks() -> Panel:
    """How far the clocks of the meters are from those of their machines."""
    return curves(
        "Clock ahead of the meter",
        "How far a machine's clock is ahead of the meter's own, which never goes back. Below zero the machine's clock "
        "was set back, and the meter waits for it; more than a second is made up for at once. 0 unless in real time.",
        Query('pvsim_meter_clock_skew_seconds{namespace="$namespace"}', "{{instance}}"),
        unit=SECONDS,
        legend=("lastNotNull", "min", "max"),
    )


def flushes() -> Panel:
    """How long the disk takes."""
    return curves(
        "Write and sync",
        "Time to write a batch of records and to sync it to the disk; only then are its messages acknowledged. "
        "Half of the batches, and 99 of 100, were faster.",
        Query(percentile(0.5, "pvsim_journal_flush_seconds"), "p50", "green"),
        Query(percentile(0.99, "pvsim_journal_flush_seconds"), "p99", "red"),
        unit=SECONDS,
        legend=("lastNotNull", "max"),
    )


def processors() -> Panel:
    """What the services compute."""
    panel = curves(
        "Processor",
        "Processor cores that each service takes, all its processes together.",
        Query(f"sum by (job) (rate(process_cpu_seconds_total{SERVICES}[$__rate_interval]))", "{{job}}"),
        unit="suffix:cores",
        legend=("mean", "max"),
    )
    return painted(panel, SERVICE_COLORS)


def memory() -> Panel:
    """What the services keep."""
    panel = curves(
        "Memory",
        "Resident memory of each service, all its processes together.",
        Query(f"sum by (job) (process_resident_memory_bytes{SERVICES})", "{{job}}"),
        unit=BYTES,
        legend=("lastNotNull", "max"),
    )
    return painted(panel, SERVICE_COLORS)


def pages() -> Panel:
    """Who looks at the live page."""
    return stat(
        "Live pages",
        "Live pages of the exporter that are open now.",
        Query('sum(pvsim_page_streams{namespace="$namespace"}) or vector(0)'),
        unit=NUMBER,
    )


def versions() -> Panel:
    """What runs."""
    return table(
        "What runs",
        "Each process of a service, with the version of pvsimulator and of Python that it runs.",
        Query('pvsim_build_info{namespace="$namespace"}'),
        columns=[
            Column("service", "Service"),
            Column("instance", "Instance"),
            Column("version", "Version"),
            Column("python", "Python"),
        ],
        sort="Service",
    )
