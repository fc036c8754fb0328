"""Follow journals: begin where a checkpoint ends, read what came after it, then what is added."""

import time
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from exporter.day import Day
from exporter.earlier import Earlier
from exporter.files import closed, journal_size, size_of, stamp
from exporter.pace import Pace
from exporter.records import Records, parse
from exporter.tail import CHUNK_BYTES, CutError, ReplacedError, Tail
from exporter.totals import Totals
from pvsim_common.checkpoint import read_checkpoint
from pvsim_common.segments import IDENTITY, Identity, JournalError, open_segment, read_identity

_log = structlog.get_logger()


class Follower:
    """Follows the journal in one directory."""

    def __init__(self, directory: Path, *, max_curves: int = 10_000, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._directory = directory
        self._max_curves = max_curves
        self._chunk_bytes = chunk_bytes
        self._unreadable = ""
        self.pace = Pace()
        self.identity: Identity | None = None
        self.totals: Totals | None = None
        """What the journal says; None until all that was there at the start is read: counters must not step back."""
        self.caught_up = False
        """Whether all that was there at the start has been read."""
        self._begin(at_least=0)

    @property
    def now(self) -> Totals:
        """What is known of the newest records and the day, even before all that was there at the start is read."""
        return self._reading

    @property
    def is_reading_back(self) -> bool:
        """Whether today is being read backwards."""
        return self.caught_up and self._earlier.is_reading

    @property
    def loaded_from(self) -> int | None:
        """The instant before which today is not loaded [ms since 1970]; None when all of it is."""
        return self._earlier.loaded_from

    @property
    def size(self) -> int:
        """Size of the journal's files [bytes]."""
        return journal_size(self._directory)

    @property
    def last_write_s(self) -> float | None:
        """When the journal was last written [s since 1970]; None where there is none."""
        return self._tail.last_write_s

    @property
    def progress(self) -> tuple[int, int]:
        """How much has been read of what was there at the start, and how much that was [bytes]."""
        number, offset = self._tail.position
        done = sum(size for each, size in self._sizes.items() if each < number)
        return done + min(offset, self._sizes.get(number, 0)), sum(self._sizes.values())

    def advance(self) -> Records:
        """Read the next chunk of the journal: its records, none where there is nothing new."""
        try:
            return self._advance()
        except ReplacedError as error:
            _log.warning(
                "journal_replaced", directory=str(self._directory), segment=self._tail.number, reason=str(error)
            )
            is_cut = isinstance(error, CutError)  # pvsim will write it again, and counters must not step back
            self._begin(at_least=self.totals.counts()[0] if is_cut and self.totals else 0)
            return parse(b"")

    def _advance(self) -> Records:
        if self.identity is None:
            self._identify()
        lines = self._tail.read()
        records = parse(lines, self._reading.names)
        self._reading.add(records)
        if self.caught_up:
            self._earlier.advance()
            self._note(records)
        elif not lines or self._tail.position >= max(self._sizes.items()):
            self.caught_up = True
        if self.caught_up and self._reading.counts()[0] >= self._at_least:
            self.totals = self._reading
        return records

    def _begin(self, *, at_least: int) -> None:
        """Begin after the checkpoint. What was read before stays the answer until the new totals are whole.

        They are if they have so many records, too.
        """
        journal = stamp(self._directory / IDENTITY)
        self._day = day = Day(max_curves=self._max_curves)
        self.identity = None
        self._identify()
        self._reading, covered = self._after_checkpoint(day)
        self._tail = Tail(self._directory, covered + 1, journal=journal, chunk_bytes=self._chunk_bytes)
        self._earlier = Earlier(self._directory, covered, totals=self._reading, day=day)
        self._sizes = self._sizes_after(covered)
        self.caught_up = False
        self._at_least = at_least

    def _after_checkpoint(self, day: Day) -> tuple[Totals, int]:
        """Totals to go on from, and the last segment that they hold."""
        try:
            checkpoint = read_checkpoint(self._directory)
            return (Totals.after(checkpoint, day), checkpoint.segment) if checkpoint else (Totals(day), 0)
        except JournalError as error:
            _log.error("checkpoint_unreadable", reason=str(error), hint="all segments that are there are read instead")
            return Totals(day), 0

    def _sizes_after(self, covered: int) -> dict[int, int]:
        """The segments that are to be read at the start, and the size of each [bytes]; the open one last."""
        newest = size_of(open_segment(self._directory))  # first: if it is closed meanwhile, this is rather too much
        found = {number: size_of(path) for number, path in closed(self._directory).items() if number > covered}
        return found | {max(found, default=covered) + 1: newest}

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
