"""Closed segments are summed up, compressed and removed; what fails is told, tried again, and harms nobody."""

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.pvsim.breaking_disk import BreakingDisk
from tests.pvsim.journals import NOON, another_day_each_time, content_of, held, journal, message, record

from pvsim.background import Background
from pvsim.compression import compress, plain_size
from pvsim.disk import Disk
from pvsim.retention import Retention
from pvsim.upkeep import Upkeep
from pvsim_common.checkpoint import Checkpoint, read_checkpoint
from pvsim_common.segments import closed_segments
from pvsim_local.waiting import until


def write_segments(upkeep: Upkeep, directory: Path, count: int) -> None:
    """Close so many segments of a line each, without upkeep."""
    with journal(directory, closed=upkeep.offer, clock=another_day_each_time()) as opened:
        for second in range(count):
            record(opened, message(NOON + 1000 * second, "home-1"))


def names(directory: Path) -> list[str]:
    return [path.name for path in closed_segments(directory).values()]


def test_only_the_newest_offer_becomes_a_checkpoint(tmp_path: Path) -> None:
    disk = BreakingDisk()
    upkeep = Upkeep(tmp_path, disk=disk)
    write_segments(upkeep, tmp_path, 3)

    upkeep.turn()

    checkpoint = read_checkpoint(tmp_path)
    assert checkpoint is not None
    assert (checkpoint.segment, checkpoint.records) == (3, 3)
    assert disk.calls.count("write_checkpoint") == 1


def test_a_checkpoint_tells_how_large_the_segments_it_covers_were_before_compression(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path)
    write_segments(upkeep, tmp_path, 3)
    before = sum(path.stat().st_size for path in closed_segments(tmp_path).values())

    upkeep.turn()

    checkpoint = read_checkpoint(tmp_path)
    assert checkpoint is not None
    assert checkpoint.size == before == sum(map(plain_size, closed_segments(tmp_path).values()))


def test_compressed_segments_hold_the_same_lines_and_keep_their_time(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path)
    write_segments(upkeep, tmp_path, 2)
    before = [(content_of(path), path.stat().st_mtime_ns) for path in closed_segments(tmp_path).values()]

    upkeep.turn()

    assert names(tmp_path) == ["results-00000001.jsonl.zst", "results-00000002.jsonl.zst"]
    assert [(content_of(p), p.stat().st_mtime_ns) for p in closed_segments(tmp_path).values()] == before


def test_compression_can_be_switched_off(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path, compressed=False)
    write_segments(upkeep, tmp_path, 1)

    upkeep.turn()

    assert names(tmp_path) == ["results-00000001.jsonl"]


def test_compression_that_is_stopped_leaves_the_plain_segment_and_nothing_else(tmp_path: Path) -> None:
    path, to = tmp_path / "plain", tmp_path / "compressed"
    path.write_bytes(bytes(3 * 1024 * 1024))
    answers = iter([False, True])

    done = compress(path, to, stopped=lambda: next(answers))

    assert (done, path.stat().st_size, to.exists()) == (False, 3 * 1024 * 1024, False)


def test_compression_that_finds_no_room_gives_back_what_it_took(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"line\n")

    def no_room() -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        compress(tmp_path / "plain", tmp_path / "compressed", stopped=no_room)

    assert [path.name for path in tmp_path.iterdir()] == ["plain"]


def test_segments_older_than_the_retention_are_removed(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path, retention=Retention(age_s=100), clock=lambda: NOON / 1000)
    write_segments(upkeep, tmp_path, 3)
    for number, age_s in ((1, 200), (2, 101), (3, 99)):
        written = NOON / 1000 - age_s
        os.utime(closed_segments(tmp_path)[number], (written, written))

    upkeep.turn()

    assert list(closed_segments(tmp_path)) == [3]


class FullDisk(Disk):
    """Has no room for a compressed segment."""

    def compress(self, path: Path, to: Path, *, stopped: Callable[[], bool]) -> bool:  # noqa: ARG002 - Disk's signature
        """Find no room."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_retention_makes_room_although_compression_finds_none(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path, retention=Retention(size=1), disk=FullDisk())
    write_segments(upkeep, tmp_path, 3)

    with pytest.raises(OSError, match="No space left"):
        upkeep.turn()

    assert names(tmp_path) == []  # all are covered by the checkpoint


def test_a_removed_reading_is_not_written_again(tmp_path: Path) -> None:
    upkeep = Upkeep(tmp_path, retention=Retention(size=1))
    write_segments(upkeep, tmp_path, 3)
    upkeep.turn()

    with journal(tmp_path) as opened:
        counts = [record(opened, message(NOON + 1000 * second, "home-1")) for second in range(4)]

    assert names(tmp_path) == []
    assert counts == [0, 0, 0, 1]
    assert held(tmp_path) == [("home-1", NOON + 3000)]


def test_nothing_is_removed_before_a_checkpoint_covers_it(tmp_path: Path) -> None:
    disk = BreakingDisk()
    upkeep = Upkeep(tmp_path, retention=Retention(size=1), disk=disk)
    write_segments(upkeep, tmp_path, 2)
    disk.errors["write_checkpoint"] = [OSError(errno.ENOSPC, "No space left on device")]

    with pytest.raises(OSError, match="No space left"):
        upkeep.turn()
    kept = names(tmp_path)
    upkeep.turn()

    assert kept == ["results-00000001.jsonl", "results-00000002.jsonl"]
    assert names(tmp_path) == []


class NoRoomForCheckpoints(Disk):
    """A disk on which no checkpoint can be written until there is room."""

    def __init__(self) -> None:
        self.room = threading.Event()
        self.failed = threading.Event()
        self.written = threading.Event()

    def write_checkpoint(self, directory: Path, checkpoint: Checkpoint) -> None:
        """See Disk."""
        if not self.room.is_set():
            self.failed.set()
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write_checkpoint(directory, checkpoint)
        self.written.set()


def test_an_upkeep_that_fails_is_tried_again_while_the_journal_goes_on(tmp_path: Path) -> None:
    disk = NoRoomForCheckpoints()
    upkeep = Upkeep(tmp_path, disk=disk)

    with Background(upkeep, retry_s=0.01) as background:
        write_segments(upkeep, tmp_path, 2)
        assert disk.failed.wait(10)
        until(lambda: background.problem() == "[Errno 28] No space left on device")
        write_segments(upkeep, tmp_path, 3)
        disk.room.set()
        assert disk.written.wait(10)
        until(lambda: background.problem() is None)
        until(lambda: names(tmp_path) == [f"results-0000000{n}.jsonl.zst" for n in (1, 2, 3)])

    assert held(tmp_path) == [("home-1", NOON + 1000 * second) for second in range(3)]


def test_the_upkeep_ends_at_once_when_it_is_stopped(tmp_path: Path) -> None:
    for _ in range(50):
        begin = time.monotonic()
        with Background(Upkeep(tmp_path)):
            pass
        assert time.monotonic() - begin < 2.5  # it would be given up after 3 s
