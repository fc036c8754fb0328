"""Upkeep of the closed segments: the checkpoint that sums them up, compression, retention."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from pvsim.compression import COMPRESSED
from pvsim.contents import Snapshot
from pvsim.disk import Disk
from pvsim.retention import Closed, Retention, removable
from pvsim_common.checkpoint import read_checkpoint
from pvsim_common.segments import closed_segments


class Upkeep:
    """What is to be done after a segment was closed, in steps that may break off anywhere and are done anew."""

    def __init__(
        self,
        directory: Path,
        *,
        compressed: bool = True,
        retention: Retention | None = None,
        disk: Disk | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._compressed = compressed
        self._retention = retention or Retention()
        self._disk = disk or Disk()
        self._clock = clock
        self._log = structlog.get_logger()
        self._offering = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._covered: int | None = None
        self._stopped = False
        self.offered = threading.Event()

    def offer(self, snapshot: Snapshot) -> None:
        """A segment was closed: this is what the journal holds up to its end. Quick, and from any thread."""
        with self._offering:
            self._snapshot = snapshot
        self.offered.set()

    def stop(self) -> None:
        """Break off what takes long."""
        self._stopped = True
        self.offered.set()

    def turn(self) -> None:
        """Do all that is to be done now. Raises OSError; what was done by then stays done."""
        try:
            self._write_checkpoint()
            if self._compressed:
                for path in self._to_compress():
                    self._compress(path)
        finally:
            self._remove_old(self._covered_on_disk())  # also where the rest found no room: this makes some

    def _write_checkpoint(self) -> None:
        """Write what was offered last."""
        snapshot = self._snapshot
        if snapshot is not None:
            begin = time.perf_counter()
            self._disk.write_checkpoint(self._directory, snapshot.checkpoint())
            self._covered = snapshot.segment
            took_s = round(time.perf_counter() - begin, 3)
            self._log.info("checkpoint_written", segment=snapshot.segment, records=snapshot.records, took_s=took_s)
            with self._offering:
                if self._snapshot is snapshot:  # else a newer one has been offered meanwhile
                    self._snapshot = None

    def _covered_on_disk(self) -> int:
        """The number of the segment that the checkpoint covers now."""
        if self._covered is None:
            checkpoint = read_checkpoint(self._directory)
            self._covered = checkpoint.segment if checkpoint is not None else 0
        return self._covered

    def _to_compress(self) -> Iterator[Path]:
        for path in closed_segments(self._directory).values():
            if path.suffix != COMPRESSED and not self._stopped:
                yield path

    def _compress(self, path: Path) -> None:
        """Put the compressed file in place of the plain one; a reader always finds one of them whole."""
        compressed = path.with_name(path.name + COMPRESSED)
        partial = compressed.with_name(compressed.name + ".tmp")
        if not self._disk.compress(path, partial, stopped=lambda: self._stopped):
            return
        before, after = path.stat().st_size, partial.stat().st_size
        self._disk.rename(partial, compressed)
        self._disk.sync_directory(self._directory)
        self._disk.remove(path)
        self._log.info("segment_compressed", file=str(compressed), bytes_before=before, bytes_after=after)

    def _remove_old(self, covered: int) -> None:
        paths = closed_segments(self._directory)
        states = {number: path.stat() for number, path in paths.items()}
        segments = [Closed(number, state.st_size, state.st_mtime) for number, state in states.items()]
        for number in removable(segments, self._retention, covered=covered, now=self._clock()):
            self._disk.remove(paths[number])
            self._log.info("segment_removed", file=str(paths[number]), bytes=states[number].st_size)
