"""The metrics of the journal: how full its volume is, its gaps, and how long a flush takes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_FLUSH_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class JournalCollector(Collector):
    """What is true of the journal at a scrape."""

    def __init__(self, directory: Path, gaps: Callable[[], int]) -> None:
        self._directory = directory
        self._gaps = gaps

    def collect(self) -> Iterator[Metric]:
        """Volume and gaps. Raises OSError where the directory is gone, so the scrape fails and tells it."""
        volume = os.statvfs(self._directory)
        yield GaugeMetricFamily(
            "pvsim_volume_size_bytes",
            "Size of the filesystem that holds the journal [B].",
            value=volume.f_blocks * volume.f_frsize,
        )
        yield GaugeMetricFamily(
            "pvsim_volume_free_bytes",
            "What is free of it for a plain user [B].",
            value=volume.f_bavail * volume.f_frsize,
        )
        yield GaugeMetricFamily(
            "pvsim_journal_gaps",
            "Breaks in the instants of the sites; one that is filled later is none any more.",
            value=self._gaps(),
        )


def flush_seconds(registry: CollectorRegistry) -> Histogram:
    """A histogram of what one write and sync of the journal takes."""
    return Histogram(
        "pvsim_journal_flush_seconds",
        "Time to write the records of a batch and to sync them to the disk [s].",
        buckets=_FLUSH_BUCKETS,
        registry=registry,
    )
