"""The metrics of the journal."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry

from pvsim.collector import JournalCollector, flush_seconds


def test_the_volume_is_that_of_the_directory(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    registry.register(JournalCollector(tmp_path, gaps=lambda: 0))

    size = registry.get_sample_value("pvsim_volume_size_bytes")
    free = registry.get_sample_value("pvsim_volume_free_bytes")

    volume = os.statvfs(tmp_path)
    assert size == volume.f_blocks * volume.f_frsize
    assert free is not None
    assert 0 < free <= size


def test_gaps_are_asked_for_at_the_scrape(tmp_path: Path) -> None:
    registry = CollectorRegistry()
    gaps = iter([2, 1])
    registry.register(JournalCollector(tmp_path, gaps=lambda: next(gaps)))

    told = [registry.get_sample_value("pvsim_journal_gaps") for _ in range(2)]

    assert told == [2, 1]


def test_a_flush_of_three_milliseconds_counts_below_five_and_not_below_two() -> None:
    registry = CollectorRegistry()

    flush_seconds(registry).observe(0.003)

    below = {
        limit: registry.get_sample_value("pvsim_journal_flush_seconds_bucket", {"le": limit})
        for limit in ("0.002", "0.005")
    }
    assert below == {"0.002": 0, "0.005": 1}
