"""Follow journals: read what they hold, then what is added to them."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import structlog

from exporter.records import Records, parse
from exporter.tail import CHUNK_BYTES, ReplacedError, Tail
from exporter.totals import Totals
from pvsim_common.messages import format_timestamp
from pvsim_common.segments import open_segment

_log = structlog.get_logger()


class Stopping(Protocol):
    """Whether to end."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait so long or until it is time to stop; whether it is."""
        ...


class Follower:
    """Follows the journal in one directory."""

    def __init__(self, directory: Path, *, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._segment = open_segment(directory)
        self._chunk_bytes = chunk_bytes
        self.totals: Totals | None = None
        """What the journal says; None until all that was there at the start is read: counters must not step back."""
        self._begin()

    @property
    def caught_up(self) -> bool:
        """Whether all that was there at the start has been read."""
        return self.totals is self._reading

    def advance(self) -> Records:
        """Read the next chunk of the journal: its records, none where there is nothing new."""
        try:
            lines = self.tail.read()
        except ReplacedError:
            _log.warning("journal_replaced", segment=str(self._segment), position=self.tail.position)
            self._begin()
            return parse(b"")
        records = parse(lines)
        self._reading.add(records)
        if not lines or self.tail.position >= self.tail.size_at_first:
            self.totals = self._reading
        return records

    def _begin(self) -> None:
        """Read from the beginning. What was read before stays the answer until the new totals are whole."""
        self.tail = Tail(self._segment, chunk_bytes=self._chunk_bytes)
        self._reading = Totals()


def follow(followers: Sequence[Follower], stopping: Stopping, *, poll_interval_s: float) -> Iterator[Records]:
    """What the journals hold and what is added to them, chunk by chunk; empty ones while there is nothing new."""
    while not stopping.is_set():
        chunks = [follower.advance() for follower in followers]
        for records in chunks:
            _log_each(records)
            yield records
        if not any(records.sites or records.invalid for records in chunks):
            stopping.wait(poll_interval_s)


def unread(followers: Sequence[Follower]) -> str | None:
    """Why the totals are not to be shown yet; None when they are."""
    if all(follower.caught_up for follower in followers):
        return None
    position = sum(follower.tail.position for follower in followers)
    size = sum(follower.tail.size_at_first for follower in followers)
    return f"reading the journal, {100 * position // max(size, 1)} %"


def _log_each(records: Records) -> None:
    if not logging.getLogger().isEnabledFor(logging.DEBUG):  # asked once a chunk: it has thousands of records
        return
    for site, instant, meter, pv in zip(
        records.sites, records.instants.tolist(), records.meter.tolist(), records.pv.tolist(), strict=True
    ):
        _log.debug("record_read", timestamp=format_timestamp(instant), site=site, meter_w=meter / 10, pv_w=pv / 10)
