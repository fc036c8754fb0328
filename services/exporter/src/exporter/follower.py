"""Follow journals: read what they hold, then what is added to them."""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from exporter.day import Day
from exporter.pace import Pace
from exporter.preview import Preview
from exporter.records import Records, parse
from exporter.tail import CHUNK_BYTES, ReplacedError, Tail
from exporter.totals import Totals
from pvsim_common.messages import format_timestamp
from pvsim_common.segments import Identity, JournalError, open_segment, read_identity

PREVIEW_FROM_BYTES = 1 << 24  # what is smaller is read in no time

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

    def __init__(
        self,
        directory: Path,
        *,
        max_curves: int = 10_000,
        chunk_bytes: int = CHUNK_BYTES,
        preview_from_bytes: int = PREVIEW_FROM_BYTES,
    ) -> None:
        self._directory = directory
        self._segment = open_segment(directory)
        self._max_curves = max_curves
        self._chunk_bytes = chunk_bytes
        self._preview_from_bytes = preview_from_bytes
        self._unreadable = ""
        self.pace = Pace()
        self.identity: Identity | None = None
        self.totals: Totals | None = None
        """What the journal says; None until all that was there at the start is read: counters must not step back."""
        self.preview: Preview | None = None
        """Today, until all that was there at the start is read; None where that takes no time."""
        self._begin()

    @property
    def caught_up(self) -> bool:
        """Whether all that was there at the start has been read."""
        return self.totals is self._reading

    @property
    def is_reading_back(self) -> bool:
        """Whether today is being read backwards, before all else."""
        return self.preview is not None and self.preview.is_reading_back

    @property
    def now(self) -> Totals:
        """What is known of the newest records and the day, even before all that was there at the start is read."""
        return self.preview.totals if self.preview else self._reading

    def advance(self) -> Records:
        """Read the next chunk of the journal: its records, none where there is nothing new."""
        try:
            return self._advance()
        except ReplacedError:
            _log.warning("journal_replaced", segment=str(self._segment), position=self.tail.position)
            self._begin()
            return parse(b"")

    def _advance(self) -> Records:
        if self.identity is None:
            self._identify()
        if self.preview is not None:
            self._note(self.preview.advance())
            if self.preview.is_reading_back:
                return parse(b"")
        was_caught_up = self.caught_up
        lines = self.tail.read()
        records = parse(lines)
        self._reading.add(records)
        if was_caught_up:
            self._note(records)
        if not lines or self.tail.position >= self.tail.size_at_first:
            self.totals = self._reading
        if self.preview is not None and self.tail.position >= self.preview.tail.position:
            self.preview = None
        return records

    def _begin(self) -> None:
        """Read from the beginning. What was read before stays the answer until the new totals are whole."""
        self._day = Day(max_curves=self._max_curves)
        self.identity = None
        self._identify()
        self.tail = Tail(self._segment, chunk_bytes=self._chunk_bytes)
        self._reading = Totals(self._day)
        is_long = self._segment.exists() and self._segment.stat().st_size >= self._preview_from_bytes
        day = Day(self._day.timezone, max_curves=self._max_curves)
        self.preview = Preview(self._segment, day) if is_long else None

    def _identify(self) -> None:
        """Read whose journal it is, and so when its day begins. While nothing says so, the day is that of UTC."""
        try:
            self.identity = read_identity(self._directory)
            self._day.timezone = ZoneInfo(self.identity.timezone) if self.identity else UTC
        except (JournalError, OSError, KeyError, ValueError) as error:
            if str(error) != self._unreadable:
                _log.warning("journal_identity_unreadable", reason=str(error))
            self._unreadable = str(error)

    def _note(self, records: Records) -> None:
        if records.sites:
            self.pace.note(len(records.sites), time.monotonic())


def follow(followers: Sequence[Follower], stopping: Stopping, *, poll_interval_s: float) -> Iterator[Records]:
    """What the journals hold and what is added to them, chunk by chunk; empty ones while there is nothing new."""
    while not stopping.is_set():
        chunks = [follower.advance() for follower in followers]
        for records in chunks:
            _log_each(records)
            yield records
        is_busy = any(records.sites or records.invalid for records in chunks)
        if not is_busy and not any(follower.is_reading_back for follower in followers):
            stopping.wait(poll_interval_s)


def unread(followers: Sequence[Follower]) -> str | None:
    """Why the totals are not to be shown yet; None when they are."""
    share = read_share(followers)
    return None if share is None else f"reading the journal, {int(100 * share)} %"


def read_share(followers: Sequence[Follower]) -> float | None:
    """How much of what was there at the start has been read; None when all of it."""
    if all(follower.caught_up for follower in followers):
        return None
    position = sum(follower.tail.position for follower in followers)
    size = sum(follower.tail.size_at_first for follower in followers)
    return min(position / max(size, 1), 1.0)


def _log_each(records: Records) -> None:
    if not logging.getLogger().isEnabledFor(logging.DEBUG):  # asked once a chunk: it has thousands of records
        return
    for site, instant, meter, pv in zip(
        records.sites, records.instants.tolist(), records.meter.tolist(), records.pv.tolist(), strict=True
    ):
        _log.debug("record_read", timestamp=format_timestamp(instant), site=site, meter_w=meter / 10, pv_w=pv / 10)
