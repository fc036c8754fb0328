"""Segments are closed in time, and a crash between any two steps of that is made up for at the next start."""

import os
from pathlib import Path

import pytest
from tests.pvsim.breaking_disk import BreakingDisk, Crash
from tests.pvsim.journals import NOON, another_day_each_time, held, journal, message, never, record, segments

from pvsim.compression import compress
from pvsim.contents import Contents
from pvsim.journal import Journal
from pvsim.past import read_past
from pvsim.recovery import recover_closed
from pvsim.upkeep import Upkeep
from pvsim_common.checkpoint import read_checkpoint
from pvsim_common.messages import Admitted
from pvsim_common.segments import JournalError, closed_segments

DAY_S = 86_400.0
STEPS = [
    "write",
    "sync",
    "sync",
    "rename",
    "create",
    "sync_directory",
    "write_checkpoint",
    "compress",
    "rename",
    "sync_directory",
    "remove",
]


def names(directory: Path) -> list[str]:
    return [path.name for path in segments(directory)]


def test_a_segment_is_closed_once_it_is_large_enough(tmp_path: Path) -> None:
    with journal(tmp_path, segment_size=300) as opened:
        for second in range(4):  # of some 110 bytes
            record(opened, message(NOON + 1000 * second, "home-1"))

    assert names(tmp_path) == ["results-00000001.jsonl", "results.jsonl"]
    assert [len(path.read_bytes().splitlines()) for path in segments(tmp_path)] == [3, 1]


def test_a_segment_is_twenty_times_as_large_as_the_checkpoint_it_will_cost(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.json").write_bytes(b" " * 100)
    (tmp_path / "checkpoint.json").rename(tmp_path / "aside")
    with journal(tmp_path, segment_size=300) as opened:
        (tmp_path / "aside").rename(tmp_path / "checkpoint.json")
        for second in range(40):
            record(opened, message(NOON + 1000 * second, "home-1"))

    closed = closed_segments(tmp_path)[1]
    assert 2000 <= closed.stat().st_size < 2200


@pytest.mark.parametrize(("hours", "closed"), [(1.9, 0), (14.1, 1), (24, 1)])
def test_a_segment_is_closed_when_another_day_has_begun_since_its_first_record(
    tmp_path: Path, hours: float, closed: int
) -> None:
    now_s = [NOON / 1000]
    with journal(tmp_path, clock=lambda: now_s[0]) as opened:
        record(opened, message(NOON, "home-1"))
        now_s[0] += hours * 3600
        record(opened, message(NOON + 1000, "home-1"))

    assert len(closed_segments(tmp_path)) == closed


def test_a_segment_that_was_begun_on_another_day_is_closed_after_a_restart_too(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON, "home-1"))
    os.utime(tmp_path / "results.jsonl", (NOON / 1000, NOON / 1000))

    with journal(tmp_path, clock=lambda: NOON / 1000 + DAY_S) as opened:
        record(opened, message(NOON + 1000, "home-1"))

    assert names(tmp_path) == ["results-00000001.jsonl", "results.jsonl"]


def test_an_empty_segment_has_no_day(tmp_path: Path) -> None:
    now_s = [NOON / 1000]
    with journal(tmp_path, clock=lambda: now_s[0]) as opened:
        now_s[0] += DAY_S
        record(opened, message(NOON, "home-1"))

    assert names(tmp_path) == ["results.jsonl"]


def test_a_reading_in_a_closed_segment_is_not_written_again(tmp_path: Path) -> None:
    with journal(tmp_path, segment_size=1) as opened:
        counts = [record(opened, message(NOON, "home-1")) for _ in range(2)]
    with journal(tmp_path, segment_size=1) as opened:
        counts.append(record(opened, message(NOON, "home-1")))

    assert counts == [1, 0, 0]


def test_the_next_segment_goes_on_counting_after_a_restart(tmp_path: Path) -> None:
    for second in range(3):
        with journal(tmp_path, segment_size=1) as opened:
            record(opened, message(NOON + 1000 * second, "home-1"))

    assert list(closed_segments(tmp_path)) == [1, 2, 3]


def test_where_retention_has_removed_all_segments_the_checkpoint_knows_the_next_number(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path)
    with journal(tmp_path, clock=another_day_each_time(), closed=upkeep.offer) as opened:
        record(opened, message(NOON, "home-1"))
        upkeep.turn()
    closed_segments(tmp_path)[1].unlink()

    with journal(tmp_path, clock=another_day_each_time()) as opened:
        counts = [record(opened, message(instant, "home-1")) for instant in (NOON, NOON + 1000)]

    assert counts == [0, 1]
    assert list(closed_segments(tmp_path)) == [2]


def test_a_start_reads_nothing_that_the_checkpoint_covers(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path, compressed=False)
    with journal(tmp_path, clock=another_day_each_time(), closed=upkeep.offer) as opened:
        record(opened, message(NOON, "home-1"))
        upkeep.turn()
    closed_segments(tmp_path)[1].write_bytes(b"not even a line")

    with journal(tmp_path) as opened:
        assert record(opened, message(NOON, "home-1")) == 0


def test_a_closed_segment_that_is_missing_and_not_covered_stops_the_start(tmp_path: Path) -> None:
    with journal(tmp_path, clock=another_day_each_time()) as opened:
        for second in range(3):
            record(opened, message(NOON + 1000 * second, "home-1"))
    closed_segments(tmp_path)[2].unlink()

    with pytest.raises(JournalError, match=r"results-00000002\.jsonl is missing and no checkpoint covers it"):
        journal(tmp_path).__enter__()


@pytest.mark.parametrize("content", [b"{", b"hello\n"])
def test_a_closed_segment_with_a_broken_line_stops_the_start(tmp_path: Path, content: bytes) -> None:
    with journal(tmp_path, clock=another_day_each_time()) as opened:
        record(opened, message(NOON, "home-1"))
    path = closed_segments(tmp_path)[1]
    whole = path.read_bytes()
    path.write_bytes(whole + content)

    with pytest.raises(JournalError, match=rf"results-00000001\.jsonl: the line at offset {len(whole)} is broken"):
        journal(tmp_path).__enter__()


@pytest.mark.parametrize("content", [b"{", b"hello\n"])
def test_so_does_a_compressed_one(tmp_path: Path, content: bytes) -> None:
    with journal(tmp_path, segment_size=1) as opened:
        record(opened, message(NOON, "home-1"))
    path = closed_segments(tmp_path)[1]
    whole = path.read_bytes()
    path.write_bytes(whole + content)
    compress(path, path.with_name(path.name + ".zst"), stopped=lambda: False)
    path.unlink()

    with pytest.raises(JournalError, match=rf"results-00000001\.jsonl\.zst: the line at offset {len(whole)} is broken"):
        journal(tmp_path).__enter__()


def checkpoint_by_reading(directory: Path) -> Contents:
    """What the segments say up to the one that the checkpoint covers, read line by line."""
    checkpoint = read_checkpoint(directory)
    assert checkpoint is not None
    contents = Contents()
    for number, path in closed_segments(directory).items():
        if number <= checkpoint.segment:
            for recovered in recover_closed(path):
                contents.read_back(recovered.records)
    return contents


def record_and_keep_up(opened: Journal, upkeep: Upkeep, *batch: Admitted) -> None:
    record(opened, *batch)
    upkeep.turn()


def test_these_are_the_steps_from_a_batch_to_a_compressed_segment(tmp_path: Path) -> None:
    disk = BreakingDisk()
    upkeep = Upkeep(tmp_path, disk=disk)

    with journal(tmp_path, clock=another_day_each_time(), closed=upkeep.offer, disk=disk) as opened:
        disk.calls.clear()
        record(opened, message(NOON, "home-1", "home-2"))
        upkeep.turn()

    assert disk.calls == STEPS


@pytest.mark.parametrize("step", range(len(STEPS)), ids=[f"{at}-{step}" for at, step in enumerate(STEPS)])
def test_a_crash_before_any_step_or_in_it_loses_and_doubles_nothing(tmp_path: Path, step: int) -> None:
    before = [message(NOON + 1000 * second, "home-1", "home-2") for second in range(3)]
    batch = [message(NOON + 3000, "home-2", "home-1"), message(NOON + 4000, "home-1")]
    disk = BreakingDisk()
    upkeep = Upkeep(tmp_path, disk=disk)
    with journal(tmp_path, clock=another_day_each_time(), closed=upkeep.offer, disk=disk) as opened:
        record(opened, *before)
        upkeep.turn()
        disk.left = step
        with pytest.raises(Crash, match=STEPS[step]):
            record_and_keep_up(opened, upkeep, *batch)

    after = Upkeep(tmp_path)
    with journal(tmp_path, clock=another_day_each_time(), closed=after.offer) as opened:
        record(opened, *before, *batch)  # the broker sends again what was not acknowledged, and more
        record(opened, message(NOON + 5000, "home-1"))
        after.turn()

    expected = [(site, message.instant) for message in [*before, *batch] for site in message.sites]
    assert held(tmp_path) == [*expected, ("home-1", NOON + 5000)]
    checkpoint = read_checkpoint(tmp_path)
    assert checkpoint is not None
    whole = checkpoint_by_reading(tmp_path).snapshot(segment=checkpoint.segment, size=checkpoint.size).checkpoint()
    assert (whole.records, whole.newest, whole.meter, whole.pv, whole.energy) == (
        checkpoint.records,
        checkpoint.newest,
        checkpoint.meter,
        checkpoint.pv,
        checkpoint.energy,
    )
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".tmp", ".jsonl")] == ["results.jsonl"]


def test_what_was_closed_before_a_crash_is_offered_for_a_checkpoint_at_the_start(tmp_path: Path) -> None:
    with journal(tmp_path, clock=another_day_each_time()) as opened:
        record(opened, message(NOON, "home-1"))
    upkeep = Upkeep(tmp_path)

    with journal(tmp_path, closed=upkeep.offer):
        upkeep.turn()

    assert read_past(tmp_path).checkpointed == 1


def test_a_journal_whose_closed_segments_are_compressed_can_be_read_back_without_its_checkpoint(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path)
    with journal(tmp_path, clock=another_day_each_time(), closed=upkeep.offer) as opened:
        for second in range(3):
            record(opened, message(NOON + 1000 * second, "home-1"))
        upkeep.turn()
    (tmp_path / "checkpoint.json").unlink()

    with journal(tmp_path, wait=never) as opened:
        counts = [record(opened, message(NOON + 1000 * second, "home-1")) for second in range(4)]

    assert counts == [0, 0, 0, 1]
