"""Panels of the journal: its files and their upkeep, and the volume that they fill."""

from scripts.dashboards.look import ANY_IS_BAD, BAD, BYTES, GOOD, NUMBER, SECONDS, WARN, said
from scripts.dashboards.panels import Panel, Query, curves, gauge, stat, states

FOREVER_S = 10 * 365 * 86400
A_DAY_AND_A_BIT_S = 25 * 3600


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


def upkeep() -> Panel:
    """Whether the journal is written and kept in order."""
    waiting = 'pvsim_journal_waiting_for_room{namespace="$namespace"}'
    failing = 'pvsim_journal_upkeep_failing{namespace="$namespace"}'
    return states(
        "Room and upkeep",
        "Each journal over time: green all is well; amber the checkpoint, compression or retention of closed segments "
        "fails, and records are written all the same; red the volume is full, and pvsim waits for room.",
        Query(f"clamp_max(2 * {waiting} + {failing}, 2)", "{{instance}}"),
        names=[("well", GOOD), ("upkeep fails", WARN), ("waits for room", BAD)],
    )


def segments() -> Panel:
    """How many files the journal has."""
    return curves(
        "Segments",
        "Files of all journals: each has one open segment that is written to. Closed ones become more with each that "
        "is full and with each day, and fewer by retention alone.",
        Query('sum(pvsim_journal_segments{namespace="$namespace"})', "closed", "blue"),
        Query('count(pvsim_journal_segments{namespace="$namespace"})', "open", "green"),
        unit=NUMBER,
        legend=("lastNotNull", "diff"),
    )


def checkpoint_size() -> Panel:
    """How large the sum of the closed segments is."""
    return stat(
        "Checkpoint",
        "Size of the checkpoint, which sums up the closed segments; of several, the largest. About 70 bytes a site, "
        "and more with gaps.",
        Query('max(pvsim_checkpoint_size_bytes{namespace="$namespace"})'),
        unit=BYTES,
        no_value="none yet",
    )


def checkpoint_age() -> Panel:
    """How old the sum of the closed segments is."""
    return stat(
        "Age of the checkpoint",
        "How long ago the checkpoint was written, by the clock; of several, the oldest. It is written when a segment "
        "is closed, at least once a day while there are records; older means that no segment was closed, or that "
        "it fails.",
        Query('max(time() - pvsim_checkpoint_timestamp_seconds{namespace="$namespace"})'),
        unit=SECONDS,
        decimals=0,
        thresholds=[(None, GOOD), (A_DAY_AND_A_BIT_S, WARN)],
        no_value="none yet",
    )
