"""The dashboard Pipeline: readings on their way from the meter to the journal, and what the services take for it."""

from scripts.dashboards.dashboard import Band, dashboard, data_source, namespace
from scripts.dashboards.health import health
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
    said,
)
from scripts.dashboards.panels import Column, Json, Panel, Query, curves, gauge, painted, stat, states, table

SERVICES = '{namespace="$namespace", job=~"meter|pvsim|exporter"}'
SERVICE_COLORS = {"meter": "blue", "pvsim": "orange", "exporter": "purple"}
FOREVER_S = 10 * 365 * 86400


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
            Band(6, [(16, connected()), (8, reconnects())], heading="Connections to the broker"),
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


def journal_size() -> Panel:
    """The journal's growth."""
    return curves(
        "Size of the journal",
        "Size of all journals' files together.",
        Query('sum(pvsim_journal_bytes{namespace="$namespace"})', "journal", "blue"),
        unit=BYTES,
        legend=("lastNotNull", "diff"),
    )


def volume_used() -> Panel:
    """How full the fullest volume is."""
    return gauge(
        "Volume used",
        "How full the filesystem is that holds the journal; of several, the fullest.",
        Query(
            'max(1 - pvsim_volume_free_bytes{namespace="$namespace"} / pvsim_volume_size_bytes{namespace="$namespace"})'
        ),
        thresholds=[(None, GOOD), (0.8, WARN), (0.9, BAD)],
    )


def time_left() -> Panel:
    """When the journals will have filled their volume."""
    free = 'min(pvsim_volume_free_bytes{namespace="$namespace"})'
    growth = 'max(deriv(pvsim_journal_bytes{namespace="$namespace"}[1h]))'
    return stat(
        "Full in",
        "Time until the volume is full, if the journal goes on growing as in the last hour. Of several, the fullest "
        "volume and the journal that grows fastest. What others write to the volume is not in it.",
        Query(f"clamp_max({free} / clamp_min({growth}, 1), {FOREVER_S})"),
        unit=SECONDS,
        decimals=1,
        thresholds=[(None, BAD), (86400, WARN), (7 * 86400, GOOD)],
        mappings=[said("> 10 years", GOOD, start=FOREVER_S, end=FOREVER_S)],
    )


def last_write() -> Panel:
    """How long ago the journal was written."""
    return stat(
        "Last write",
        "How long ago a journal was last written, by the clock; of several, the one that waits longest.",
        Query('max(time() - pvsim_journal_last_write_timestamp_seconds{namespace="$namespace"})'),
        unit=SECONDS,
        decimals=0,
        thresholds=[(None, GOOD), (60, WARN), (120, BAD)],
        no_value="never",
    )


def invalid() -> Panel:
    """Lines of the journal that cannot be read."""
    return stat(
        "Invalid lines",
        "Lines of the journal that are no record. pvsim writes none: somebody else wrote to the file.",
        Query('sum(pvsim_journal_invalid_lines_total{namespace="$namespace"})'),
        unit=NUMBER,
        thresholds=ANY_IS_BAD,
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
