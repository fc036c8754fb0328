"""The journal: every record once, on disk before its reading is acknowledged."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

import structlog

from pvsim.contents import Snapshot
from pvsim.disk import Disk
from pvsim.open_segment import OpenSegment
from pvsim.ownership import OnChange, claim_or_archive, wait_for_lock
from pvsim.past import read_past, tidy
from pvsim.readings import Readings, columns
from pvsim.records import Records
from pvsim.recovery import recover
from pvsim.room import Room
from pvsim.writer import Writer
from pvsim_common.messages import Admitted
from pvsim_common.segments import CHECKPOINT, Identity, JournalError, closed_segment, open_segment

_SEGMENT_BYTES = 64 * 1024 * 1024
_CHECKPOINTS_A_SEGMENT = 20  # a segment is so many times larger than the checkpoint written for it: 5 % more to write


class Journal:
    """Appends records to the open segment of a directory that is this process's alone; knows what it holds."""

    def __init__(
        self,
        directory: Path,
        identity: Identity,
        *,
        wait: Callable[[float], bool],
        flushed: Callable[[float], None],
        closed: Callable[[Snapshot], None],
        on_change: OnChange = "stop",
        segment_size: int = _SEGMENT_BYTES,
        disk: Disk | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Wait pauses for so many seconds and tells whether the service shall stop; flushed hears what a flush took.

        closed hears what the journal holds up to a closed segment that the checkpoint does not cover yet. on_change is
        what happens where the directory holds another journal: it is moved aside, or that is an error.
        """
        self._directory = directory
        self._identity = identity
        self._on_change = on_change
        self._wait = wait
        self._flushed = flushed
        self._closed = closed
        self._segment_size = segment_size
        self._disk = disk or Disk()
        self._clock = clock
        self._log = structlog.get_logger()
        self._room = Room(wait)
        self._writer = Writer()
        self._segment: OpenSegment
        self._end = 0  # of the open segment, once all is written that was appended [bytes]
        self._is_due = False  # whether the open segment is to be closed once all is written

    def __enter__(self) -> Self:
        """Open the journal and read it back. Raises JournalError, or SystemExit if asked to stop meanwhile."""
        try:
            self._open()
        except OSError as error:
            raise JournalError(f"journal_directory: {error.filename or self._directory}: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def unseen(self, messages: Sequence[Admitted]) -> Readings:
        """The readings of these messages that the journal does not hold; from now on it counts them as held."""
        if self._is_due:
            self.settle()  # now, since the coverage then says just what is on disk
        readings = columns(messages)
        return readings.where(self._contents.unseen(readings))

    def append(self, records: Records) -> None:
        """Begin to write what was unseen; what was begun before survives a crash of process and machine then.

        Waits while the disk is full. Raises OSError where the disk failed otherwise, and SystemExit if asked to stop
        while waiting: both may be of what was begun before.
        """
        if not records.sites:
            self._writer.finish()
            return
        lines = records.lines()
        self._writer.begin(lambda: self._room.wait_for(lambda: self._write(lines)))
        self._contents.add(records)
        if not self._end:
            self._day = self._today()
        self._end += len(lines)
        self._is_due = self._is_over()

    def settle(self) -> None:
        """Return when all that was unseen and appended is on disk; raises as `append` does."""
        self._writer.finish()
        if self._is_due:
            self._is_due = False
            self._rotate()

    def gaps(self) -> int:
        """Breaks in the instants of all sites."""
        return self._contents.coverage.gaps

    def problem(self) -> str | None:
        """Why nothing is written, None while the disk has room."""
        return self._room.problem()

    def _write(self, lines: bytes) -> None:
        begin = time.perf_counter()
        self._segment.append(lines)
        self._flushed(time.perf_counter() - begin)

    def _is_over(self) -> bool:
        """Whether the open segment is to be closed: it is large, or another day (UTC) has begun since it was."""
        if self._day != self._today():
            return True
        return self._end >= self._segment_size and self._end >= _CHECKPOINTS_A_SEGMENT * self._checkpoint_size()

    def _checkpoint_size(self) -> int:
        path = self._directory / CHECKPOINT
        return path.stat().st_size if path.exists() else 0

    def _today(self) -> date:
        """The day of the wall clock, not of the readings: these may come late, or a year of them in an hour."""
        return _day(self._clock())

    def _rotate(self) -> None:
        """Close the open segment and begin the next; a crash after any step is made up for at the next start."""
        path = closed_segment(self._directory, self._number)
        full = self._segment
        full.sync()
        self._room.wait_for(lambda: self._disk.rename(open_segment(self._directory), path))
        self._segment = self._room.wait_for(self._open_segment)
        self._end = 0
        full.close()
        self._room.wait_for(lambda: self._disk.sync_directory(self._directory))
        self._size += full.size
        self._closed(self._contents.snapshot(segment=self._number, size=self._size))
        self._log.info("segment_closed", file=str(path), bytes=full.size, records=self._contents.records)
        self._number += 1

    def _open_segment(self) -> OpenSegment:
        return OpenSegment(open_segment(self._directory), self._disk)

    def _open(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.callback(os.close, wait_for_lock(self._directory, self._wait))
            tidy(self._directory)
            claim_or_archive(self._directory, self._identity, self._on_change, self._wait)
            self._read_back()
            opened.callback(lambda: self._segment.close())
            opened.callback(self._writer.close)
            self._opened = opened.pop_all()

    def _read_back(self) -> None:
        past = read_past(self._directory)
        self._contents, self._number, self._size = past.contents, past.segment + 1, past.size
        if past.segment > past.checkpointed:  # a crash came before the checkpoint
            self._closed(self._contents.snapshot(segment=past.segment, size=past.size))
        self._segment = self._room.wait_for(self._open_segment)
        self._segment.distrust_the_cache()
        self._recover(open_segment(self._directory))
        self._disk.sync_directory(self._directory)
        self._day = _day(self._segment.written_at())
        self._end = self._segment.size

    def _recover(self, path: Path) -> None:
        end = 0
        for recovered in recover(path):
            self._contents.read_back(recovered.records)
            end = recovered.end
        torn = self._segment.size - end
        if torn:
            self._segment.cut_off(end)
            self._log.warning("torn_line_cut_off", file=str(path), offset=end, bytes=torn)
        self._log.info("journal_opened", file=str(path), records=self._contents.records, sites=self._contents.sites())


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
