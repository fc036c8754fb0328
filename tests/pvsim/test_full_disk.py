"""A disk that is full is waited out; one that fails is not trusted any more."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.pvsim.breaking_disk import BreakingDisk
from tests.pvsim.journals import NOON, another_day_each_time, content_of, held, journal, message, never, record
from tests.pvsim.small_volume import grow, small_volume

NO_ROOM = [errno.ENOSPC, errno.EDQUOT]
CALLS = ["write", "sync"]


def failing(call: str, code: int, times: int = 1) -> BreakingDisk:
    """A disk whose next calls of a name fail."""
    disk = BreakingDisk()
    disk.errors[call] = [OSError(code, os.strerror(code)) for _ in range(times)]
    return disk


class Wait:
    """Waits no time; does something while it is at it, and asks to stop after so many times."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None, *, patience: int = 10) -> None:
        self._meanwhile = meanwhile
        self._left = patience
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> bool:
        """Whether to stop."""
        self.seconds.append(seconds)
        self._meanwhile()
        self._left -= 1
        return self._left <= 0


@pytest.mark.parametrize("code", NO_ROOM)
@pytest.mark.parametrize("call", CALLS)
def test_a_batch_waits_for_room_and_then_stands_in_the_file_once(tmp_path: Path, call: str, code: int) -> None:
    disk, wait = BreakingDisk(), Wait()

    with journal(tmp_path, disk=disk, wait=wait) as opened:
        record(opened, message(NOON, "home-1"))
        disk.errors = failing(call, code, times=3).errors
        record(opened, message(NOON + 1000, "home-1", "home-2"))

    assert wait.seconds == [0.5] * 3
    assert held(tmp_path) == [("home-1", NOON), ("home-1", NOON + 1000), ("home-2", NOON + 1000)]


def test_while_it_waits_the_file_ends_with_the_last_whole_batch_and_the_journal_says_why(tmp_path: Path) -> None:
    disk = BreakingDisk()
    seen: list[tuple[bytes, str | None]] = []
    wait = Wait(lambda: seen.append(((tmp_path / "results.jsonl").read_bytes(), opened.problem())))

    with journal(tmp_path, disk=disk, wait=wait) as opened:
        record(opened, message(NOON, "home-1"))
        before = content_of(tmp_path / "results.jsonl")
        disk.errors = failing("write", errno.ENOSPC, times=2).errors
        record(opened, message(NOON + 1000, "home-1"))
        afterwards = opened.problem()

    assert seen == [(before, "the journal waits for room: No space left on device")] * 2
    assert afterwards is None


def test_the_wait_for_room_is_told_once_and_so_is_its_end(tmp_path: Path) -> None:
    with (
        capture_logs() as told,
        journal(tmp_path, disk=failing("write", errno.ENOSPC, times=5), wait=Wait()) as opened,
    ):
        record(opened, message(NOON, "home-1"))

    about_room = [line["event"] for line in told if line["event"] in ("journal_waits_for_room", "journal_goes_on")]
    assert about_room == ["journal_waits_for_room", "journal_goes_on"]


def test_who_waits_for_room_can_be_asked_to_stop_and_has_written_nothing(tmp_path: Path) -> None:
    disk = failing("write", errno.ENOSPC, times=100)

    with pytest.raises(SystemExit) as ended, journal(tmp_path, disk=disk, wait=Wait(patience=3)) as opened:
        record(opened, message(NOON, "home-1"))

    assert ended.value.code == 0
    assert held(tmp_path) == []
    with journal(tmp_path) as opened:
        assert record(opened, message(NOON, "home-1")) == 1


@pytest.mark.parametrize("call", ["rename", "create", "sync_directory"])
def test_a_rotation_waits_for_room_too(tmp_path: Path, call: str) -> None:
    disk, wait = BreakingDisk(), Wait()

    with journal(tmp_path, disk=disk, wait=wait, clock=another_day_each_time()) as opened:
        disk.errors = failing(call, errno.ENOSPC, times=2).errors
        for second in range(2):
            record(opened, message(NOON + 1000 * second, "home-1"))

    assert len(wait.seconds) == 2
    assert held(tmp_path) == [("home-1", NOON), ("home-1", NOON + 1000)]


@pytest.mark.parametrize("call", ["rename", "create", "sync_directory"])
def test_asked_to_stop_within_a_rotation_it_goes_on_at_the_next_start(tmp_path: Path, call: str) -> None:
    disk, batch = BreakingDisk(), message(NOON, "home-1")
    with journal(tmp_path, disk=disk, wait=Wait(patience=2), clock=another_day_each_time()) as opened:
        disk.errors = failing(call, errno.ENOSPC, times=9).errors
        with pytest.raises(SystemExit):
            record(opened, batch)

    with journal(tmp_path) as opened:
        counts = [record(opened, batch), record(opened, message(NOON + 1000, "home-1"))]

    assert counts == [0, 1]
    assert held(tmp_path) == [("home-1", NOON), ("home-1", NOON + 1000)]


@pytest.mark.parametrize("call", CALLS)
def test_after_an_input_output_error_the_file_is_not_touched_again(tmp_path: Path, call: str) -> None:
    disk = BreakingDisk()

    with journal(tmp_path, disk=disk, wait=never) as opened:
        disk.errors = failing(call, errno.EIO).errors
        disk.calls.clear()
        with pytest.raises(OSError, match="Input/output error"):
            record(opened, message(NOON, "home-1"))

    assert disk.calls == CALLS[: CALLS.index(call) + 1]


def test_after_an_input_output_error_the_next_start_goes_by_what_is_in_the_file(tmp_path: Path) -> None:
    disk = BreakingDisk()
    with journal(tmp_path, disk=disk) as opened:
        record(opened, message(NOON, "home-1"))
        disk.errors = failing("write", errno.EIO).errors  # half of the batch gets there
        with pytest.raises(OSError, match="Input/output error"):
            record(opened, message(NOON + 1000, "home-1", "home-2", "home-3"))

    with journal(tmp_path) as opened:
        count = record(opened, message(NOON + 1000, "home-1", "home-2", "home-3"))

    assert count == 2
    assert held(tmp_path) == [("home-1", NOON), *((f"home-{n}", NOON + 1000) for n in (1, 2, 3))]


def test_on_a_real_full_disk_nothing_is_lost_or_doubled_and_it_goes_on_by_itself(tmp_path: Path) -> None:
    instants = [NOON + 1000 * second for second in range(150)]  # 180 kB of lines
    sites = [f"home-{n}" for n in range(10)]
    with small_volume(tmp_path / "volume", kibibytes=64) as volume:
        wait = Wait(lambda: grow(volume, kibibytes=512))

        with journal(volume, wait=wait) as opened:
            for instant in instants:
                record(opened, message(instant, *sites))
        found = held(volume)

    assert wait.seconds == [0.5]
    assert found == [(site, instant) for instant in instants for site in sites]
