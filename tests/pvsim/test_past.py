"""What a crash left half done among closed segments is put in order before anything else."""

from pathlib import Path

import msgspec
import pytest
from tests.pvsim.journals import IDENTITY, NOON, another_day_each_time, held, journal, message, record

from pvsim.compression import compress
from pvsim.journal import Journal
from pvsim.past import tidy
from pvsim_common.segments import closed_segments


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """A journal whose closed segment was compressed, and then came the crash."""
    with journal(tmp_path, clock=another_day_each_time()) as opened:
        record(opened, message(NOON, "home-1"))
    plain = closed_segments(tmp_path)[1]
    compress(plain, plain.with_name(plain.name + ".zst"), stopped=lambda: False)
    return tmp_path


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.name.startswith("results"))


def test_of_a_plain_and_a_compressed_segment_the_compressed_one_stays(twins: Path) -> None:
    tidy(twins)

    assert names(twins) == ["results-00000001.jsonl.zst", "results.jsonl"]
    assert held(twins) == [("home-1", NOON)]


def test_a_compressed_segment_that_is_not_the_same_goes(twins: Path) -> None:
    with (twins / "results-00000001.jsonl").open("ab") as file:
        file.write(b"more\n")

    tidy(twins)

    assert names(twins) == ["results-00000001.jsonl", "results.jsonl"]


def test_what_was_not_finished_is_removed_and_nothing_else(twins: Path) -> None:
    for name in ("results-00000002.jsonl.zst.tmp", "notes.tmp", "results.jsonl.broken-7"):
        (twins / name).write_bytes(b"half of wha")

    with journal(twins):
        pass

    assert not (twins / "results-00000002.jsonl.zst.tmp").exists()
    assert (twins / "notes.tmp").exists()
    assert (twins / "results.jsonl.broken-7").exists()


def test_a_journal_that_is_moved_aside_after_such_a_crash_leaves_no_segment_behind(twins: Path) -> None:
    other = msgspec.structs.replace(IDENTITY, seed=2)

    with Journal(
        twins,
        other,
        wait=lambda _seconds: True,
        flushed=lambda _seconds: None,
        closed=lambda _snapshot: None,
        on_change="archive",
    ) as opened:
        count = record(opened, message(NOON, "home-1"))

    assert count == 1
    assert names(twins) == ["results.jsonl"]
    assert names(twins / "archive-1") == ["results-00000001.jsonl.zst", "results.jsonl"]
