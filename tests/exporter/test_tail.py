"""Following a growing file: complete lines, each once."""

import os
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.exporter.columns import Record
from tests.exporter.segmented import SegmentedJournal, line

from exporter.files import stamp
from exporter.tail import CutError, ReplacedError, Tail, complete_lines
from pvsim_common.segments import archive, closed_segment

FIRST, SECOND, THIRD = (("home-1", 1000 * second, 10, 20) for second in (1, 2, 3))


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def tail_of(segment: Path, *, chunk_bytes: int = 1000) -> Tail:
    return Tail(segment.parent, 1, journal=None, chunk_bytes=chunk_bytes)


@pytest.fixture
def journal(tmp_path: Path) -> SegmentedJournal:
    return SegmentedJournal(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def test_a_half_written_line_waits_for_its_newline(path: Path) -> None:
    tail = tail_of(path)

    append(path, b"one\ntw")
    first = tail.read()
    append(path, b"o\n")
    second = tail.read()

    assert (first, second) == (b"one\n", b"two\n")


def test_a_line_is_read_only_once(path: Path) -> None:
    append(path, b"one\n")
    tail = tail_of(path)

    tail.read()

    assert tail.read() == b""


def test_a_directory_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal" / "results.jsonl"
    tail = tail_of(path)

    before = tail.read()
    path.parent.mkdir()
    append(path, b"one\n")

    assert (before, tail.read()) == (b"", b"one\n")


def test_a_file_that_goes_away_is_waited_for(path: Path) -> None:
    append(path, b"one\n")
    tail = tail_of(path)
    tail.read()

    path.unlink()

    assert tail.read() == b""


def test_a_large_file_comes_in_chunks_of_complete_lines(path: Path) -> None:
    append(path, b"one\ntwo\nthree\n")
    tail = tail_of(path, chunk_bytes=9)

    chunks = [tail.read(), tail.read(), tail.read()]

    assert chunks == [b"one\ntwo\n", b"three\n", b""]


def test_a_file_cut_below_what_was_read_is_noticed(path: Path) -> None:
    append(path, b"one\ntwo\n")
    tail = tail_of(path)
    tail.read()

    os.truncate(path, 4)

    with pytest.raises(ReplacedError):
        tail.read()


def test_a_file_cut_and_grown_again_beyond_what_was_read_is_noticed(path: Path) -> None:
    append(path, b"one\ntwo\n")
    tail = tail_of(path)
    tail.read()

    os.truncate(path, 4)
    append(path, b"three\nfour\n")

    with pytest.raises(ReplacedError):
        tail.read()


def test_another_file_under_the_name_is_noticed_even_if_it_begins_the_same(path: Path) -> None:
    append(path, b"one\n")
    tail = tail_of(path)
    tail.read()

    other = path.with_name("other")
    append(other, b"one\ntwo\n")
    other.rename(path)

    with pytest.raises(ReplacedError):
        tail.read()


def test_a_half_line_that_is_cut_off_and_written_anew_is_read_as_it_is_then(path: Path) -> None:
    append(path, b"one\nhalf a li")
    tail = tail_of(path)
    tail.read()

    os.truncate(path, 4)  # as pvsim does when it starts
    append(path, b"two\n")

    assert tail.read() == b"two\n"


def test_a_line_longer_than_a_chunk_does_not_stop_the_reading(path: Path) -> None:
    append(path, b"\0" * 10 + b"\ntwo\n")
    tail = tail_of(path, chunk_bytes=8)

    chunks = [tail.read(), tail.read()]

    assert chunks == [b"\0" * 8, b"\0\0\ntwo\n"]


def test_it_knows_when_the_file_was_last_written(path: Path) -> None:
    append(path, b"one\n")
    os.utime(path, (1_782_036_000, 1_782_036_000))  # 2026-06-21T10:00:00Z
    tail = tail_of(path)

    tail.read()

    assert tail.last_write_s == 1_782_036_000.0


def test_following_goes_on_across_a_rotation(journal: SegmentedJournal) -> None:
    tail = Tail(journal.directory, 1, journal=None)
    journal.append(FIRST)
    first = tail.read()
    journal.append(SECOND)

    journal.close()
    second, third = tail.read(), tail.read()
    journal.segment.touch()
    journal.append(THIRD)

    assert [first, second, third, tail.read()] == [line(FIRST), line(SECOND), b"", line(THIRD)]
    assert tail.position == (2, len(line(THIRD)))


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("chunk_bytes", [150, 1 << 18])  # one line and a part of the next, or all
def test_a_segment_that_is_compressed_while_it_is_read_is_gone_on_with(
    journal: SegmentedJournal, keep: bool, chunk_bytes: int
) -> None:
    records: list[Record] = [("home-1", 1000 * second, 1, 1) for second in range(40)]
    journal.append(*records[:10])
    tail = Tail(journal.directory, 1, journal=None, chunk_bytes=chunk_bytes)
    read = tail.read()
    journal.append(*records[10:])

    journal.rotate()
    journal.compress(1, keep=keep)
    while more := tail.read():
        read += more

    assert read == b"".join(map(line, records))
    assert tail.position == (2, 0)


def test_a_compressed_segment_is_read_to_its_end_though_it_is_removed_meanwhile(journal: SegmentedJournal) -> None:
    journal.append(FIRST, SECOND, THIRD)
    journal.rotate()
    journal.compress(1)
    tail = Tail(journal.directory, 1, journal=None, chunk_bytes=len(line(FIRST)))
    read = [tail.read()]

    journal.remove(1)
    read += [tail.read() + tail.read(), tail.read()]

    assert read == [line(FIRST), line(SECOND) + line(THIRD), b""]


def test_a_closed_segment_whose_last_line_is_torn_is_gone_beyond(journal: SegmentedJournal) -> None:
    journal.append(FIRST)
    append(journal.segment, b"half a li")
    journal.rotate()
    journal.append(SECOND)
    tail = Tail(journal.directory, 1, journal=None)

    chunks = [tail.read(), tail.read(), tail.read()]

    assert chunks == [line(FIRST), b"half a li", line(SECOND)]


def test_a_compressed_segment_that_holds_something_else_is_noticed(journal: SegmentedJournal) -> None:
    journal.append(FIRST, SECOND)
    tail = Tail(journal.directory, 1, journal=None)
    tail.read()
    journal.rotate()

    closed_segment(journal.directory, 1).write_bytes(line(FIRST) + line(THIRD))
    journal.compress(1)

    with pytest.raises(ReplacedError):
        tail.read()


@pytest.mark.parametrize("read", [0, 1, 2])
@pytest.mark.parametrize("is_open_there", [True, False])
def test_a_segment_that_retention_removed_is_left_to_the_checkpoint(
    journal: SegmentedJournal, read: int, is_open_there: bool
) -> None:
    tail = Tail(journal.directory, 1, journal=None, chunk_bytes=len(line(FIRST)))
    journal.append(FIRST, SECOND, THIRD)
    for _ in range(read):
        tail.read()

    journal.rotate()
    journal.write_checkpoint()
    journal.remove(1)
    if not is_open_there:
        journal.segment.unlink()

    with pytest.raises(ReplacedError, match="checkpoint" if not (read and is_open_there) else "another file"):
        tail.read()


def test_a_segment_that_is_missing_and_covered_by_nothing_is_gone_beyond_and_said(journal: SegmentedJournal) -> None:
    for record in (FIRST, SECOND, THIRD):
        journal.append(record)
        journal.rotate()
    journal.remove(2)
    tail = Tail(journal.directory, 1, journal=None)

    with capture_logs() as events:
        chunks = [tail.read(), tail.read(), tail.read()]

    assert chunks == [line(FIRST), line(THIRD), b""]
    assert [(event["event"], event["next"]) for event in events] == [("segment_missing", 3)]


def test_a_journal_that_begins_anew_is_not_taken_for_the_next_segment(journal: SegmentedJournal) -> None:
    journal.append(FIRST)
    (journal.directory / "journal.json").write_text("{}")
    tail = Tail(journal.directory, 1, journal=stamp(journal.directory / "journal.json"))
    journal.rotate()
    journal.compress(1)
    tail.read()  # from now on the compressed file is open

    archive(journal.directory)
    (journal.directory / "journal.json").write_text("{}")
    append(journal.segment, line(SECOND))

    with pytest.raises(ReplacedError, match="another journal"):
        tail.read()


def test_a_batch_that_is_taken_back_is_told_from_another_file(path: Path) -> None:
    append(path, b"one\ntwo\n")
    tail = tail_of(path)
    tail.read()

    os.truncate(path, 4)

    with pytest.raises(CutError):
        tail.read()


def test_a_cut_of_more_than_a_batch_is_another_matter(path: Path) -> None:
    append(path, b"one\n" + b"x" * (1 << 22) + b"\n")
    tail = tail_of(path, chunk_bytes=1 << 23)
    tail.read()

    os.truncate(path, 4)

    with pytest.raises(ReplacedError) as caught:
        tail.read()
    assert not isinstance(caught.value, CutError)


@pytest.mark.parametrize(
    ("content", "lines"),
    [(b"", b""), (b"on", b""), (b"\n", b"\n"), (b"one\n", b"one\n"), (b"one\ntwo\nth", b"one\ntwo\n")],
)
def test_complete_lines_end_at_the_last_newline(content: bytes, lines: bytes) -> None:
    assert complete_lines(content, 100) == lines


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"") + b"\n"), max_size=20),
    cuts=st.lists(st.integers(0, 420)),
    chunk_bytes=st.integers(22, 60),  # at least a whole line
)
def test_however_the_writes_are_cut_each_line_is_read_once(
    lines: list[bytes], cuts: list[int], chunk_bytes: int
) -> None:
    content = b"".join(lines)
    edges = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    read = []

    with TemporaryDirectory() as directory:
        path = Path(directory) / "results.jsonl"
        tail = tail_of(path, chunk_bytes=chunk_bytes)
        for start, end in pairwise(edges):
            append(path, content[start:end])
            read.append(tail.read())
        while chunk := tail.read():
            read.append(chunk)

    assert b"".join(read) == content
    assert all(chunk.endswith(b"\n") for chunk in read if chunk)
