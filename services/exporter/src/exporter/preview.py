"""Today before the whole journal is read: its newest part, read backwards, and then what is added to it."""

import time
from collections.abc import Iterator
from pathlib import Path

from exporter.day import Day
from exporter.heads import Heads
from exporter.readback import BLOCK_BYTES, blocks_before, end_of_lines
from exporter.records import Records, parse
from exporter.tail import CHUNK_BYTES, Tail
from exporter.totals import Totals

LIMIT_S = 10.0
LIMIT_BYTES = 1 << 30


class Preview:
    """The day from the end of a journal backwards, as far as limits of time and size allow; its sums say nothing."""

    def __init__(self, path: Path, day: Day, *, block_bytes: int = BLOCK_BYTES, limit_bytes: int = LIMIT_BYTES) -> None:
        end = end_of_lines(path, path.stat().st_size, block_bytes=block_bytes)
        self.totals = Totals(day)
        self.tail = Tail(path, chunk_bytes=CHUNK_BYTES, position=end)
        self._day = day
        self._heads = Heads()
        self._blocks: Iterator[bytes] | None = blocks_before(path, end, block_bytes=block_bytes)
        self._left_bytes = limit_bytes
        self._deadline = time.monotonic() + LIMIT_S
        self._oldest: int | None = None  # instant before which nothing is loaded [ms since 1970]

    @property
    def is_reading_back(self) -> bool:
        """Whether more of today is to be read."""
        return self._blocks is not None

    @property
    def loaded_from(self) -> int | None:
        """The instant before which today is not loaded [ms since 1970]; None when all of it is."""
        return self._oldest if self._oldest is not None and self._oldest > self._day.begins else None

    def advance(self) -> Records:
        """Read one more block backwards, if it is not enough yet, and what was added: the latter is returned.

        Raises ReplacedError.
        """
        if self._blocks is not None:
            self._read_back(next(self._blocks, b""))
        records = parse(self.tail.read())
        self.totals.add(records)
        return records

    def _read_back(self, lines: bytes) -> None:
        self._left_bytes -= len(lines)
        records = parse(lines)
        if records.sites:
            self.totals.add_earlier(records, self._heads)
            self._oldest = int(records.instants.min())
        if not lines or (records.sites and int(records.instants.max()) < self._day.begins):
            self._oldest = self._blocks = None  # all of today
        elif self._left_bytes <= 0 or time.monotonic() > self._deadline:
            self._blocks = None
