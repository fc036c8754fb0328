"""The journal on disk: each record once, across every end of the process."""

import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from tests.pvsim.journals import IDENTITY, NOON, ints, journal, message, record, records_of

from pvsim.readings import columns
from pvsim.records import Records
from pvsim_common.segments import IdentityMismatchError, JournalError, read_identity


def lines(directory: Path) -> list[tuple[str, str]]:
    found = [msgspec.json.decode(line) for line in (directory / "results.jsonl").read_bytes().splitlines()]
    return [(line["timestamp"], line["site"]) for line in found]


def test_a_journal_makes_its_directory_and_says_whose_it_is(tmp_path: Path) -> None:
    with journal(tmp_path / "a" / "journal"):
        pass

    assert sorted(path.name for path in (tmp_path / "a" / "journal").iterdir()) == ["journal.json", "results.jsonl"]


def test_records_are_written_in_the_order_they_came(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON + 1000, "home-2", "home-1"), message(NOON, "home-1"))

    assert lines(tmp_path) == [
        ("2026-06-21T10:00:01Z", "home-2"),
        ("2026-06-21T10:00:01Z", "home-1"),
        ("2026-06-21T10:00:00Z", "home-1"),
    ]


def test_what_was_appended_is_in_the_file_before_the_journal_is_closed(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON, "home-1"))

        assert lines(tmp_path) == [("2026-06-21T10:00:00Z", "home-1")]


def test_a_reading_that_comes_again_is_not_written_again(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        counts = [record(opened, message(NOON, "home-1")) for _ in range(2)]

    assert counts == [1, 0]
    assert len(lines(tmp_path)) == 1


def test_a_reading_that_comes_again_after_a_restart_is_not_written_again(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON, "home-1", "home-2"), message(NOON + 1000, "home-1"))

    with journal(tmp_path) as opened:
        count = record(opened, message(NOON, "home-2", "home-1"), message(NOON + 1000, "home-2", "home-1"))

    assert count == 1
    assert len(set(lines(tmp_path))) == len(lines(tmp_path)) == 4


def test_a_torn_last_line_is_cut_off_at_start(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON, "home-1"))
    whole = (tmp_path / "results.jsonl").read_bytes()
    (tmp_path / "results.jsonl").write_bytes(whole + whole[:50])

    with journal(tmp_path) as opened:
        record(opened, message(NOON + 1000, "home-1"))

    assert lines(tmp_path) == [("2026-06-21T10:00:00Z", "home-1"), ("2026-06-21T10:00:01Z", "home-1")]


def test_a_torn_reading_is_written_when_it_comes_again(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON, "home-1", "home-2"))
    path = tmp_path / "results.jsonl"
    before = path.read_bytes()
    path.write_bytes(before[:-10])

    with journal(tmp_path) as opened:
        count = record(opened, message(NOON, "home-1", "home-2"))

    assert count == 1
    assert path.read_bytes() == before


def test_a_broken_line_in_the_middle_stops_the_start_and_changes_nothing(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, message(NOON, "home-1"))
    path = tmp_path / "results.jsonl"
    content = path.read_bytes() + b"hello\n" + path.read_bytes() + b"torn"
    path.write_bytes(content)

    with pytest.raises(JournalError, match=f"offset {len(path.read_bytes().splitlines(keepends=True)[0])} "):
        journal(tmp_path).__enter__()

    assert path.read_bytes() == content


def test_another_simulations_journal_is_refused(tmp_path: Path) -> None:
    with journal(tmp_path):
        pass

    with pytest.raises(IdentityMismatchError, match="seed is 1 there but 2 here"):
        journal(tmp_path, msgspec.structs.replace(IDENTITY, seed=2)).__enter__()


def test_the_refusal_tells_what_can_be_done(tmp_path: Path) -> None:
    with journal(tmp_path):
        pass

    with pytest.raises(IdentityMismatchError, match="journal_on_change=archive moves it aside"):
        journal(tmp_path, msgspec.structs.replace(IDENTITY, seed=2)).__enter__()


def test_another_simulations_journal_is_moved_aside_whole_where_that_is_asked_for(tmp_path: Path) -> None:
    with journal(tmp_path) as first:
        record(first, message(NOON, "home-1"))
    before = (tmp_path / "results.jsonl").read_bytes()

    for number, seed in enumerate((2, 3), start=1):
        other = msgspec.structs.replace(IDENTITY, seed=seed)
        with journal(tmp_path, other, on_change="archive") as second:
            assert record(second, message(NOON, "home-1")) == 1
        assert read_identity(tmp_path) == other
        assert (tmp_path / f"archive-{number}" / "results.jsonl").read_bytes() == before

    assert read_identity(tmp_path / "archive-1") == IDENTITY
    assert lines(tmp_path) == [("2026-06-21T10:00:00Z", "home-1")]


def test_the_own_journal_is_never_moved_aside(tmp_path: Path) -> None:
    for _ in range(2):
        with journal(tmp_path, on_change="archive"):
            pass

    assert list(tmp_path.glob("archive-*")) == []


def test_a_second_process_waits_until_the_first_is_gone(tmp_path: Path) -> None:
    waited = threading.Event()
    opened = threading.Event()

    def wait(seconds: float) -> bool:
        waited.set()
        return threading.Event().wait(min(seconds, 0.01))

    def open_too() -> None:
        with journal(tmp_path, wait=wait):
            opened.set()

    with journal(tmp_path):
        second = threading.Thread(target=open_too)
        second.start()
        assert waited.wait(5)
        was_kept_out = not opened.is_set()

    second.join(timeout=5)
    assert (was_kept_out, opened.is_set()) == (True, True)


def test_who_waits_for_the_other_process_can_be_asked_to_stop(tmp_path: Path) -> None:
    with (
        journal(tmp_path),
        pytest.raises(SystemExit) as ended,
        journal(tmp_path, wait=lambda _seconds: True),
    ):
        pytest.fail("it is open twice")

    assert ended.value.code == 0


def test_a_journal_in_use_is_given_up_by_a_process_that_dies(tmp_path: Path) -> None:
    script = (
        "import os, sys, fcntl\n"
        f"lock = os.open({str(tmp_path)!r}, os.O_RDONLY)\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        other.kill()

    with journal(tmp_path) as opened:
        assert record(opened, message(NOON, "home-1")) == 1


def test_a_directory_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(JournalError, match=r"journal_directory: .*file/journal: Not a directory"):
        journal(tmp_path / "file" / "journal").__enter__()


def test_nothing_appended_is_nothing_written(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        opened.append(records_of(columns([])))

    assert (tmp_path / "results.jsonl").read_bytes() == b""


def test_each_batch_with_a_record_tells_how_long_its_flush_took(tmp_path: Path) -> None:
    told: list[float] = []

    with journal(tmp_path, flushed=told.append) as opened:
        record(opened, message(NOON, "home-1", "home-2"))
        record(opened, message(NOON, "home-1"))  # held already
        record(opened, message(NOON + 1000, "home-1"))

    assert len(told) == 2
    assert all(0 < seconds < 5 for seconds in told)


def test_a_gap_is_told_until_it_is_filled_and_after_a_restart_too(tmp_path: Path) -> None:
    with journal(tmp_path) as opened:
        record(opened, *(message(NOON + second * 1000, "home-1") for second in (0, 1, 3, 4)))
        live = opened.gaps()
    with journal(tmp_path) as opened:
        read_back = opened.gaps()
        record(opened, message(NOON + 2000, "home-1"))
        filled = opened.gaps()

    assert (live, read_back, filled) == (1, 1, 0)


def test_the_lines_are_those_of_the_records(tmp_path: Path) -> None:
    records = Records(["home-1"], ints(NOON), ints(4320), ints(12345))

    with journal(tmp_path) as opened:
        opened.append(records)

    assert (tmp_path / "results.jsonl").read_bytes() == (
        b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1",'
        b'"meter":0.432,"pv":1.2345,"total_power":1.6665,"net_power":-0.8025}\n'
    )
