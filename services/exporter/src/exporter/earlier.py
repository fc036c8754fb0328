"""Today's part of the segments that nobody has to read for their sums: backwards, until midnight."""

import time
from collections.abc import Iterator
from pathlib import Path

from exporter.day import Day
from exporter.heads import Heads
from exporter.readback import BLOCK_BYTES, blocks_of_segments
from exporter.records import parse
from exporter.totals import Totals

LIMIT_S = 10.0
LIMIT_BYTES = 1 << 30


class Earlier:
    """Adds to the day what stands before the totals' first record, as far as limits of time and size allow.

    Sums of the day are as if each block were read alone: a late record beside a block's edge may count the wrong time.
    """

    def __init__(
        self,
        directory: Path,
        newest: int,
        *,
        totals: Totals,
        day: Day,
        block_bytes: int = BLOCK_BYTES,
        limit_bytes: int = LIMIT_BYTES,
    ) -> None:
        """The segments up to the newest, 0 for none."""
        self._blocks: Iterator[bytes] | None = (
            blocks_of_segments(directory, newest, block_bytes=block_bytes) if newest else None
        )
        self._is_whole = not newest
        self._totals, self._day = totals, day
        self._heads = Heads()
        self._left_bytes = limit_bytes
        self._deadline: float | None = None

    @property
    def is_reading(self) -> bool:
        """Whether more of today is to be read."""
        return self._blocks is not None

    @property
    def loaded_from(self) -> int | None:
        """The instant before which today is not loaded [ms since 1970]; None when all of it is."""
        oldest = self._totals.oldest
        return oldest if oldest is not None and oldest > self._day.begins and not self._is_whole else None

    def advance(self) -> None:
        """Read one more block, if it is not enough yet."""
        if self._blocks is None:
            return
        if self._deadline is None:
            self._deadline = time.monotonic() + LIMIT_S
        try:
            lines = next(self._blocks)
        except StopIteration:
            self._is_whole, self._blocks = True, None
        except FileNotFoundError:  # removed by retention
            self._blocks = None
        else:
            self._add(lines)
            if self._left_bytes <= 0 or time.monotonic() > self._deadline:
                self._blocks = None

    def _add(self, lines: bytes) -> None:
        self._left_bytes -= len(lines)
        records = parse(lines, self._totals.names)
        if records.sites:
            self._totals.add_earlier(records, self._heads)
            if int(records.instants.max()) < self._day.begins:
                self._is_whole, self._blocks = True, None
