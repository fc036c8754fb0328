"""pvsim verify finds what is wrong with a journal, and mends it only where it is told to."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.pvsim.journals import (
    IDENTITY,
    NOON,
    another_day_each_time,
    content_of,
    held,
    journal,
    message,
    record,
)

from pvsim.compression import compress
from pvsim.upkeep import Upkeep
from pvsim.verify_command import main
from pvsim_common.checkpoint import read_checkpoint, write_checkpoint
from pvsim_common.segments import claim, closed_segments

LINE = b'{"timestamp":"2026-06-21T11:00:00Z","site":"home-9","meter":0.1,"pv":0.2,"total_power":0.3,"net_power":-0.1}\n'
Print = pytest.CaptureFixture[str]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A journal of two closed segments, the first compressed, and an open one: two sites, a line for each instant."""
    upkeep = Upkeep(tmp_path)
    days = another_day_each_time()
    with journal(tmp_path, closed=upkeep.offer, clock=days) as opened:
        record(opened, message(NOON, "home-1", "home-2"), message(NOON + 1000, "home-1", "home-2"))
        upkeep.turn()
        record(opened, message(NOON + 2000, "home-1", "home-2"))
        Upkeep(tmp_path, compressed=False).turn()
    with journal(tmp_path) as opened:
        record(opened, message(NOON + 3000, "home-1", "home-2"))
    return tmp_path


def verify(directory: Path, *options: str) -> int:
    return main([str(directory), *options])


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def test_the_journal_of_these_tests_has_all_kinds_of_segments(directory: Path) -> None:
    assert sorted(files(directory)) == [
        "checkpoint.json",
        "journal.json",
        "results-00000001.jsonl.zst",
        "results-00000002.jsonl",
        "results.jsonl",
    ]


def test_a_right_journal_is_told_so_and_left_as_it_is(directory: Path, capsys: Print) -> None:
    before = files(directory)

    code = verify(directory)

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "results-00000001.jsonl.zst                  4 records  right",
        "results-00000002.jsonl                      2 records  right",
        "results.jsonl                               2 records  right",
        "checkpoint: up to segment 1, agrees",
        "8 records of 2 sites, 0 gaps",
        "the journal is right",
    ]
    assert files(directory) == before


def test_it_can_be_checked_while_a_pvsim_runs_but_not_mended(directory: Path, capsys: Print) -> None:
    with journal(directory):
        assert verify(directory) == 0
        assert verify(directory, "--repair", "--yes") == 1

    assert "a pvsim runs on this journal: stop it first" in capsys.readouterr().err


def test_a_gap_is_listed_and_no_fault(directory: Path, capsys: Print) -> None:
    with journal(directory) as opened:
        record(opened, message(NOON + 9000, "home-1", "home-2"))

    assert verify(directory) == 0
    told = capsys.readouterr().out
    assert "8 records" not in told
    assert "nothing between 2026-06-21T10:00:03Z and 2026-06-21T10:00:09Z: home-1 and 1 sites more" in told


@pytest.mark.parametrize("torn", [LINE[:50], LINE[:-1], b"\0" * 99 + b"\n" + LINE[:5]])
def test_a_torn_last_line_is_a_note(directory: Path, torn: bytes, capsys: Print) -> None:
    with (directory / "results.jsonl").open("ab") as file:
        file.write(torn)

    assert verify(directory) == 0
    assert f"note: results.jsonl ends with {len(torn)} bytes that are no line" in capsys.readouterr().out


WRONG = {
    "no JSON": (b"hello\n", "no record"),
    "no instant": (LINE.replace(b"06-21", b"06-31"), "no record"),
    "a bad site name": (LINE.replace(b"home-9", b"Home 9"), "no record"),
    "a power out of bounds": (LINE.replace(b'"pv":0.2', b'"pv":2000000.0'), "no record"),
    "a sum that is not exact": (LINE.replace(b'_power":0.3', b'_power":0.30000000000000004'), "a sum is not exact"),
    "another sum": (LINE.replace(b"-0.1", b"0.1"), "a sum is not exact"),
    "a meter finer than a watt": (
        LINE.replace(b'"meter":0.1', b'"meter":0.1001').replace(b":0.3,", b":0.3001,").replace(b"-0.1}", b"-0.0999}"),
        "a sum is not exact, or a power finer",
    ),
    "blanks": (LINE.replace(b":0.1", b": 0.1"), "a record, but not in the form"),
    "two in a line": (LINE[:-1] + LINE, "no record"),
}


@pytest.mark.parametrize(("line", "what"), WRONG.values(), ids=WRONG.keys())
def test_a_line_that_is_not_as_pvsim_writes_it_is_a_fault_with_its_offset(
    directory: Path, line: bytes, what: str, capsys: Print
) -> None:
    path = directory / "results.jsonl"
    before = path.read_bytes()
    path.write_bytes(before + line + LINE)

    assert verify(directory) == 1
    assert f"  offset {len(before)}: {what}" in capsys.readouterr().out


def test_a_reading_that_stands_in_two_segments_is_a_fault(directory: Path, capsys: Print) -> None:
    path = directory / "results.jsonl"
    first = content_of(closed_segments(directory)[1]).splitlines(keepends=True)[1]
    before = path.read_bytes()
    path.write_bytes(before + first)

    assert verify(directory) == 1
    assert f"  offset {len(before)}: home-2 stands there again" in capsys.readouterr().out


CHANGES = {
    "records": {"records": 5},
    "size": {"size": 1},
    "newest": {"newest": [NOON, NOON]},
    "meter": {"meter": [1, 1]},
    "energy": {"energy": ([1, 1], [1, 1], [1, 1], [1, 1])},
}


@pytest.mark.parametrize(("name", "change"), CHANGES.items())
def test_a_checkpoint_that_says_something_else_than_the_lines_is_a_fault_and_can_be_made_anew(
    directory: Path, name: str, change: dict[str, object], capsys: Print
) -> None:
    right = read_checkpoint(directory)
    assert right is not None
    write_checkpoint(directory, msgspec.structs.replace(right, **change))

    assert verify(directory) == 1
    assert f"fault: checkpoint.json: `{name}` is not what the lines say" in capsys.readouterr().out
    assert verify(directory, "--repair", "--yes") == 0
    assert verify(directory) == 0


def test_a_checkpoint_that_covers_other_instants_is_a_fault(directory: Path, capsys: Print) -> None:
    right = read_checkpoint(directory)
    assert right is not None
    shared = msgspec.structs.replace(right.coverage[0], runs=[(NOON, NOON + 9000, 1000)])
    write_checkpoint(directory, msgspec.structs.replace(right, coverage=[shared]))

    assert verify(directory) == 1
    assert "fault: checkpoint.json: `coverage` is not what the lines say" in capsys.readouterr().out


def test_the_same_instants_cut_into_runs_differently_are_the_same_coverage(directory: Path) -> None:
    right = read_checkpoint(directory)
    assert right is not None
    shared = msgspec.structs.replace(right.coverage[0], runs=[(NOON, NOON, 0), (NOON + 1000, NOON + 1000, 0)])
    write_checkpoint(directory, msgspec.structs.replace(right, coverage=[shared]))

    assert verify(directory) == 0


@pytest.mark.parametrize("content", [b"{", b'{"segment":1}'])
def test_a_broken_checkpoint_is_a_fault_and_can_be_made_anew(directory: Path, content: bytes) -> None:
    (directory / "checkpoint.json").write_bytes(content)

    assert verify(directory) == 1
    assert verify(directory, "--repair", "--yes") == 0
    with journal(directory) as opened:
        assert record(opened, *(message(NOON + 1000 * n, "home-1") for n in range(5))) == 1


def test_segments_that_retention_has_removed_are_a_note(directory: Path, capsys: Print) -> None:
    closed_segments(directory)[1].unlink()

    assert verify(directory) == 0
    assert "note: the segments 1 to 1 are not there" in capsys.readouterr().out


def test_what_stands_in_a_segment_and_not_in_its_checkpoint_is_a_fault_also_after_retention(
    directory: Path, capsys: Print
) -> None:
    with journal(directory, clock=another_day_each_time()) as opened:
        record(opened, message(NOON + 4000, "home-1"))
    first = read_checkpoint(directory)
    assert first is not None
    write_checkpoint(directory, msgspec.structs.replace(first, segment=3))
    closed_segments(directory)[1].unlink()

    assert verify(directory) == 1
    assert "does not cover readings of 2 sites that it should, such as home-1" in capsys.readouterr().out


def test_a_missing_segment_that_no_checkpoint_covers_is_a_fault(directory: Path, capsys: Print) -> None:
    with journal(directory, clock=another_day_each_time()) as opened:
        record(opened, message(NOON + 4000, "home-1"))
    closed_segments(directory)[2].unlink()

    assert verify(directory) == 1
    assert "fault: the segments 2 to 2 are not there, and no checkpoint covers them" in capsys.readouterr().out


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_compressed_segment_that_is_cut_short_is_a_fault(directory: Path, share: float, capsys: Print) -> None:
    path = closed_segments(directory)[1]
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert verify(directory) == 1
    assert "cannot be decompressed" in capsys.readouterr().out
    assert verify(directory, "--repair", "--yes") == 1


def test_a_compressed_segment_with_a_flipped_bit_is_a_fault(directory: Path, capsys: Print) -> None:
    path = closed_segments(directory)[1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert verify(directory) == 1
    assert "1 faults" in capsys.readouterr().out


def test_repair_only_says_what_it_would_do(directory: Path, capsys: Print) -> None:
    path = directory / "results.jsonl"
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"hello\n" + LINE)
    before = files(directory)

    assert verify(directory, "--repair") == 1
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "to mend it:",
        f"  cut 1 lines out of results.jsonl and keep them in results.jsonl.broken-{size}",
        "nothing was changed; --yes does it",
    ]
    assert files(directory) == before


Spoil = Callable[[list[bytes]], list[bytes]]
SPOILS: dict[str, Spoil] = {
    "a broken first line": lambda lines: [b"hello\n", *lines],
    "a broken line in the middle": lambda lines: [lines[0], b"\0" * 80 + b"\n", *lines[1:]],
    "a line twice": lambda lines: [lines[0], *lines],
    "several": lambda lines: [b"a\n", lines[0], b"b\n", b"c\n", *lines[1:], lines[0]],
}


@pytest.mark.parametrize("name", ["results-00000001.jsonl.zst", "results-00000002.jsonl", "results.jsonl"])
@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS.keys())
def test_repair_cuts_out_what_is_wrong_and_keeps_it(directory: Path, name: str, spoil: Spoil, capsys: Print) -> None:
    expected = held(directory)
    plain = directory / name.removesuffix(".zst")
    right = content_of(directory / name).splitlines(keepends=True)
    wrong = spoil(right)
    (directory / name).unlink()
    plain.write_bytes(b"".join(wrong))
    assert verify(directory) == 1

    assert verify(directory, "--repair", "--yes") == 0

    assert capsys.readouterr().out.splitlines()[-1] == "the journal is right now"
    assert held(directory) == expected
    kept = sorted((int(p.name.rpartition("-")[2]), p.read_bytes()) for p in directory.glob(f"{plain.name}.broken-*"))
    assert kept == [(offset, line) for offset, line in kept if line == line_at(wrong, offset)]
    assert len(kept) == len(wrong) - len(right)
    with journal(directory) as opened:
        assert record(opened, *(message(NOON + 1000 * n, "home-1", "home-2") for n in range(4))) == 0


def line_at(lines: list[bytes], offset: int) -> bytes:
    return b"".join(lines)[offset:].splitlines(keepends=True)[0]


def test_a_compressed_segment_is_mended_too(directory: Path) -> None:
    plain = closed_segments(directory)[2]
    before = plain.read_bytes()
    plain.write_bytes(b"hello\n" + before)
    compress(plain, plain.with_name(plain.name + ".zst"), stopped=lambda: False)
    plain.unlink()

    assert verify(directory, "--repair", "--yes") == 0

    assert (directory / "results-00000002.jsonl.broken-0").read_bytes() == b"hello\n"
    assert content_of(closed_segments(directory)[2]) == before
    assert not plain.with_name(plain.name + ".zst").exists()


def test_what_was_cut_out_at_the_same_offset_before_is_kept_too(directory: Path) -> None:
    path = directory / "results.jsonl"
    for line in (b"hello\n", b"world\n"):
        path.write_bytes(line + path.read_bytes())
        assert verify(directory, "--repair", "--yes") == 0

    assert (directory / "results.jsonl.broken-0").read_bytes() == b"hello\n"
    assert (directory / "results.jsonl.broken-0-2").read_bytes() == b"world\n"


def test_nothing_is_cut_out_of_a_segment_that_cannot_be_read_to_its_end(directory: Path) -> None:
    plain = closed_segments(directory)[2]
    plain.write_bytes(b"hello\n" + random.Random(1).randbytes(300_000).hex().encode() + b"\n" + plain.read_bytes())
    compressed = plain.with_name(plain.name + ".zst")
    compress(plain, compressed, stopped=lambda: False)
    plain.unlink()
    compressed.write_bytes(compressed.read_bytes()[:-1000])
    before = files(directory)

    assert verify(directory, "--repair", "--yes") == 1

    assert files(directory) == before


def test_a_directory_that_is_none_is_one_clear_line(tmp_path: Path, capsys: Print) -> None:
    assert verify(tmp_path / "nowhere") == 1
    assert capsys.readouterr().err == f"pvsim verify: [Errno 2] No such file or directory: '{tmp_path / 'nowhere'}'\n"


def test_a_directory_without_an_identity_is_no_journal(tmp_path: Path, capsys: Print) -> None:
    assert verify(tmp_path) == 1
    assert "fault: journal.json is missing" in capsys.readouterr().out


def test_a_journal_moved_aside_is_a_journal_of_its_own(directory: Path) -> None:
    other = msgspec.structs.replace(IDENTITY, seed=2)
    aside = directory / "archive-1"
    aside.mkdir()
    for name in files(directory):
        (directory / name).rename(aside / name)
    claim(directory, other)

    assert verify(directory) == 0
    assert verify(aside) == 0


def test_long_lists_are_cut_short(directory: Path, capsys: Print) -> None:
    with journal(directory) as opened:
        for second in range(10, 310, 10):
            record(opened, message(NOON + 1000 * second, "home-1"), message(NOON + 1000 * second + 1000, "home-1"))

    assert verify(directory) == 0
    told = capsys.readouterr().out
    assert told.count("nothing between") == 20
    assert "  and 10 more" in told
