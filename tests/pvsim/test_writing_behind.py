"""A batch is made while the one before it is being written."""

import errno
import os
import threading
from pathlib import Path

import pytest
from tests.pvsim.breaking_disk import BreakingDisk
from tests.pvsim.journals import NOON, held, journal, message, record, records_of, segments

from pvsim.contents import Snapshot
from pvsim.disk import Disk
from pvsim.journal import Journal
from pvsim_common.messages import Admitted

LINE_BYTES = 119  # of the records here


class SlowDisk(Disk):
    """Does not sync before it may."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.synced = 0

    def sync(self, descriptor: int) -> None:
        """See Disk."""
        assert self.may.wait(10)
        super().sync(descriptor)
        self.synced += 1


def begin(opened: Journal, *messages: Admitted) -> int:
    """Begin to write what is unseen; how many that were."""
    records = records_of(opened.unseen(messages))
    opened.append(records)
    return len(records.sites)


def test_the_next_batch_is_looked_at_while_the_disk_is_slow_and_nothing_is_taken_twice(tmp_path: Path) -> None:
    disk = SlowDisk()
    disk.may.set()
    with journal(tmp_path, disk=disk) as opened:
        disk.may.clear()
        written = disk.synced
        begin(opened, message(NOON, "home-1"))
        unseen = opened.unseen([message(NOON, "home-1"), message(NOON + 1000, "home-1")])
        synced = disk.synced - written
        disk.may.set()
        opened.append(records_of(unseen))
        opened.settle()

    assert (synced, unseen.instants.tolist()) == (0, [NOON + 1000])
    assert held(tmp_path) == [("home-1", NOON), ("home-1", NOON + 1000)]


def test_a_segment_is_closed_only_when_the_coverage_says_just_what_is_on_disk(tmp_path: Path) -> None:
    snapshots: list[Snapshot] = []

    with journal(tmp_path, segment_size=3 * LINE_BYTES, closed=snapshots.append) as opened:
        for second in range(7):  # each is looked at while the one before is being written
            begin(opened, message(NOON + 1000 * second, "home-1"))
        opened.settle()

    assert [snapshot.records for snapshot in snapshots] == [3, 6]
    assert [int(snapshot.coverage.last[0]) for snapshot in snapshots] == [NOON + 2000, NOON + 5000]
    assert [path.read_bytes().count(b"\n") for path in segments(tmp_path)] == [3, 3, 1]


def test_a_disk_that_fails_is_told_with_the_next_batch_which_is_not_written(tmp_path: Path) -> None:
    disk = BreakingDisk()

    with journal(tmp_path, disk=disk) as opened:
        record(opened, message(NOON, "home-1"))
        disk.errors["sync"] = [OSError(errno.EIO, os.strerror(errno.EIO))]
        begin(opened, message(NOON + 1000, "home-1"))
        with pytest.raises(OSError, match="Input/output"):
            begin(opened, message(NOON + 2000, "home-1"))

    assert ("home-1", NOON + 2000) not in held(tmp_path)


def test_a_journal_that_is_closed_has_written_what_was_begun(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        begin(opened, message(NOON, "home-1"))

    assert held(tmp_path) == [("home-1", NOON)]
