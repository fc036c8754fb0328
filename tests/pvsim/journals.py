"""Journals as tests write and read them."""

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pvsim.compression import open_to_read
from pvsim.contents import Snapshot
from pvsim.disk import Disk
from pvsim.journal import Journal
from pvsim.ownership import OnChange
from pvsim.readings import Readings
from pvsim.records import Records
from pvsim_common.messages import Admitted, parse_timestamp
from pvsim_common.segments import Identity, closed_segments, open_segment

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
IDENTITY = Identity(
    partition=0, partitions=1, seed=1, place="48.14 11.58 520 Europe/Berlin", variation=True, sky="clear", model="1"
)


def never(_seconds: float) -> bool:
    """There is nothing to wait for."""
    pytest.fail("the journal waits")


def unheard(_seconds: float) -> None:
    """Nobody asks how long a flush took."""


def unheeded(_snapshot: Snapshot) -> None:
    """Nobody writes a checkpoint."""


def another_day_each_time() -> Callable[[], float]:
    """A clock by which each batch ends a segment."""
    days = count(20_000)
    return lambda: next(days) * 86_400.0


def journal(
    directory: Path,
    identity: Identity = IDENTITY,
    *,
    wait: Callable[[float], bool] = never,
    flushed: Callable[[float], None] = unheard,
    on_change: OnChange = "stop",
    closed: Callable[[Snapshot], None] = unheeded,
    segment_size: int = 64 * 1024 * 1024,
    disk: Disk | None = None,
    clock: Callable[[], float] = time.time,
) -> Journal:
    """A journal of which a test says what matters to it."""
    return Journal(
        directory,
        identity,
        wait=wait,
        flushed=flushed,
        on_change=on_change,
        closed=closed,
        segment_size=segment_size,
        disk=disk,
        clock=clock,
    )


def message(instant: int, *sites: str) -> Admitted:
    """Readings of sites at an instant, whose powers follow from both."""
    power_w = [(instant // 1000 + 7 * len(site)) % 500 for site in sites]
    return Admitted(instant, 1000, list(sites), power_w)


def records_of(readings: Readings) -> Records:
    """The records of readings, whose PV power is nearly that of the meter."""
    return Records(readings.sites, readings.instants, readings.power_w * 10, readings.power_w * 9)


def record(journal: Journal, *messages: Admitted) -> int:
    """Write what is unseen, as main does; how many that were."""
    records = records_of(journal.unseen(messages))
    journal.append(records)
    journal.settle()
    return len(records.sites)


def segments(directory: Path) -> list[Path]:
    """All segments that are there, in their order."""
    return [*closed_segments(directory).values(), *(p for p in [open_segment(directory)] if p.exists())]


def content_of(path: Path) -> bytes:
    """The lines of a segment, compressed or not."""
    with open_to_read(path) as file:
        return file.read()


def held(directory: Path) -> list[tuple[str, int]]:
    """Site and instant of each line of all segments, in their order; each line must be whole."""
    content = b"".join(map(content_of, segments(directory)))
    assert content.endswith(b"\n") or not content
    lines = msgspec.json.Decoder(dict[str, object]).decode_lines(content)
    return [(str(line["site"]), parse_timestamp(str(line["timestamp"]))) for line in lines]


def ints(*values: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    """A column."""
    return np.array(values, dtype=np.int64)
