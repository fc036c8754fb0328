"""The metrics of the journal: its files, the volume they are on, its gaps, and how long a flush takes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from pvsim_common.segments import CHECKPOINT, closed_segments

Problem = Callable[[], str | None]

_FLUSH_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class JournalCollector(Collector):
    """What is true of the journal at a scrape."""

    def __init__(self, directory: Path, *, gaps: Callable[[], int], waiting: Problem, failing: Problem) -> None:
        """Waiting says why nothing is written, failing why the upkeep of closed segments does not get on."""
        self._directory = directory
        self._gaps = gaps
        self._waiting = waiting
        self._failing = failing

    def collect(self) -> Iterator[Metric]:
        """All of it. Raises OSError where the directory is gone, so the scrape fails and tells it."""
        closed = len(closed_segments(self._directory))
        yield from self._volume()
        yield _gauge(
            "pvsim_journal_gaps",
            "Breaks in the instants of the sites; one that is filled later is none any more.",
            self._gaps(),
        )
        yield _gauge("pvsim_journal_segments", "Closed segments on disk.", closed)
        yield _gauge(
            "pvsim_journal_waiting_for_room",
            "1 while the disk is full and nothing is written, else 0.",
            int(self._waiting() is not None),
        )
        yield _gauge(
            "pvsim_journal_upkeep_failing",
            "1 while checkpoint, compression or retention fail, else 0.",
            int(self._failing() is not None),
        )
        yield from self._checkpoint()

    def _volume(self) -> Iterator[Metric]:
        volume = os.statvfs(self._directory)
        size, free = volume.f_blocks * volume.f_frsize, volume.f_bavail * volume.f_frsize
        yield _gauge("pvsim_volume_size_bytes", "Size of the filesystem that holds the journal [B].", size)
        yield _gauge("pvsim_volume_free_bytes", "What is free of it for a plain user [B].", free)

    def _checkpoint(self) -> Iterator[Metric]:
        """Size and age of the checkpoint; without a value until a segment has been closed."""
        path = self._directory / CHECKPOINT
        state = path.stat() if path.exists() else None
        yield _gauge("pvsim_checkpoint_size_bytes", "Size of the checkpoint [B].", state and state.st_size)
        yield _gauge("pvsim_checkpoint_timestamp_seconds", "When it was written.", state and state.st_mtime)


def _gauge(name: str, text: str, value: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def flush_seconds(registry: CollectorRegistry) -> Histogram:
    """A histogram of what one write and sync of the journal takes."""
    return Histogram(
        "pvsim_journal_flush_seconds",
        "Time to write the records of a batch and to sync them to the disk [s].",
        buckets=_FLUSH_BUCKETS,
        registry=registry,
    )
