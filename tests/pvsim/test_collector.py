"""The metrics of the journal."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from pvsim.collector import JournalCollector, flush_seconds


def well() -> None:
    """No problem."""


def registry_of(
    directory: Path,
    *,
    gaps: Callable[[], int] = lambda: 0,
    waiting: Callable[[], str | None] = well,
    failing: Callable[[], str | None] = well,
) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(JournalCollector(directory, gaps=gaps, waiting=waiting, failing=failing))
    return registry


def test_the_volume_is_that_of_the_directory(tmp_path: Path) -> None:
    registry = registry_of(tmp_path)

    size = registry.get_sample_value("pvsim_volume_size_bytes")
    free = registry.get_sample_value("pvsim_volume_free_bytes")

    volume = os.statvfs(tmp_path)
    assert size == volume.f_blocks * volume.f_frsize
    assert free is not None
    assert 0 < free <= size


def test_gaps_are_asked_for_at_the_scrape(tmp_path: Path) -> None:
    gaps = iter([2, 1])
    registry = registry_of(tmp_path, gaps=lambda: next(gaps))

    told = [registry.get_sample_value("pvsim_journal_gaps") for _ in range(2)]

    assert told == [2, 1]


@pytest.mark.parametrize(("problem", "value"), [("the disk is full", 1), (None, 0)])
def test_a_journal_that_waits_and_an_upkeep_that_fails_are_told(
    tmp_path: Path, problem: str | None, value: int
) -> None:
    waiting = registry_of(tmp_path, waiting=lambda: problem)
    failing = registry_of(tmp_path, failing=lambda: problem)

    assert waiting.get_sample_value("pvsim_journal_waiting_for_room") == value
    assert failing.get_sample_value("pvsim_journal_upkeep_failing") == value


def test_closed_segments_are_counted_and_the_checkpoint_tells_size_and_time(tmp_path: Path) -> None:
    for name in ("results.jsonl", "results-00000001.jsonl.zst", "results-00000002.jsonl"):
        (tmp_path / name).touch()
    (tmp_path / "checkpoint.json").write_bytes(b"{}\n")
    os.utime(tmp_path / "checkpoint.json", (1_782_036_000, 1_782_036_000))

    registry = registry_of(tmp_path)

    assert registry.get_sample_value("pvsim_journal_segments") == 2
    assert registry.get_sample_value("pvsim_checkpoint_size_bytes") == 3
    assert registry.get_sample_value("pvsim_checkpoint_timestamp_seconds") == 1_782_036_000


def test_before_the_first_segment_is_closed_there_is_no_checkpoint_to_tell_of(tmp_path: Path) -> None:
    assert registry_of(tmp_path).get_sample_value("pvsim_checkpoint_size_bytes") is None


def test_a_flush_of_three_milliseconds_counts_below_five_and_not_below_two() -> None:
    registry = CollectorRegistry()

    flush_seconds(registry).observe(0.003)

    below = {
        limit: registry.get_sample_value("pvsim_journal_flush_seconds_bucket", {"le": limit})
        for limit in ("0.002", "0.005")
    }
    assert below == {"0.002": 0, "0.005": 1}
