"""The journal: every record once, on disk before its reading is acknowledged."""

import fcntl
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, Self

import numpy as np
import structlog
from numpy.typing import NDArray

from pvsim.coverage import Coverage
from pvsim.readings import Readings, columns
from pvsim.records import Records
from pvsim.recovery import recover
from pvsim_common.messages import MeterReadings
from pvsim_common.segments import (
    Identity,
    IdentityMismatchError,
    JournalError,
    archive,
    claim,
    open_segment,
    sync_directory,
)

_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only the latter


class Journal:
    """Appends records to the open segment of a directory that is this process's alone; knows what it holds."""

    def __init__(
        self,
        directory: Path,
        identity: Identity,
        *,
        wait: Callable[[float], bool],
        flushed: Callable[[float], None],
        on_change: Literal["stop", "archive"] = "stop",
    ) -> None:
        """Wait pauses for so many seconds and tells whether the service shall stop; flushed hears what a flush took.

        on_change is what happens where the directory holds another journal: it is moved aside, or that is an error.
        """
        self._directory = directory
        self._identity = identity
        self._on_change = on_change
        self._wait = wait
        self._flushed = flushed
        self._log = structlog.get_logger()
        self._coverage = Coverage()
        self._indexes: dict[str, int] = {}
        self._lock = self._file = -1

    def __enter__(self) -> Self:
        """Open the journal and read it back. Raises JournalError, or SystemExit if asked to stop meanwhile."""
        try:
            self._open()
        except OSError as error:
            raise JournalError(f"journal_directory: {error.filename or self._directory}: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)
        os.close(self._lock)

    def unseen(self, messages: Sequence[tuple[int, MeterReadings]]) -> Readings:
        """The readings of these messages that the journal does not hold; from now on it counts them as held."""
        readings = columns(messages)
        mask = self._coverage.cover(self._indexes_of(readings.sites), readings.instants, readings.intervals)
        return readings.where(mask)

    def append(self, records: Records) -> None:
        """Write records so that they survive a crash of process and machine. Raises OSError."""
        if records.sites:
            left = memoryview(records.lines())
            begin = time.perf_counter()
            while left:
                left = left[os.write(self._file, left) :]
            _sync(self._file)
            self._flushed(time.perf_counter() - begin)

    def gaps(self) -> int:
        """Breaks in the instants of all sites."""
        return self._coverage.gaps

    def _open(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._directory, os.O_RDONLY)
        self._wait_for_lock()
        self._claim()
        path = open_segment(self._directory)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._recover(path)
        os.fsync(self._file)  # a killed process may have left lines that are not on disk yet but count as recorded now
        sync_directory(self._directory)

    def _claim(self) -> None:
        try:
            claim(self._directory, self._identity)
        except IdentityMismatchError as error:
            if self._on_change == "stop":
                hint = "journal_on_change=archive moves it aside and begins a new one"
                raise IdentityMismatchError(f"{error} ({hint})") from error
            aside = archive(self._directory)
            self._log.warning("journal_archived", directory=str(aside), reason=str(error))
            claim(self._directory, self._identity)

    def _wait_for_lock(self) -> None:
        waiting = False
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if not waiting:
                    self._log.warning(
                        "journal_in_use", directory=str(self._directory), hint="waiting for the other pvsim"
                    )
                waiting = True
                if self._wait(0.5):
                    raise SystemExit(0) from None

    def _recover(self, path: Path) -> None:
        records = end = 0
        for recovered in recover(path):
            sites = self._indexes_of(recovered.sites)
            self._coverage.cover(sites, recovered.instants, np.zeros_like(sites))
            records, end = records + len(sites), recovered.end
        torn = path.stat().st_size - end
        if torn:
            os.ftruncate(self._file, end)
            self._log.warning("torn_line_cut_off", file=str(path), offset=end, bytes=torn)
        self._log.info("journal_opened", file=str(path), records=records, sites=len(self._indexes))

    def _indexes_of(self, sites: Iterable[str]) -> NDArray[np.int64]:
        indexes = self._indexes
        return np.array([indexes.setdefault(site, len(indexes)) for site in sites], dtype=np.int64)
