"""Following a growing file: complete lines, each once."""

import os
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.tail import ReplacedError, Tail, complete_lines


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def test_a_half_written_line_waits_for_its_newline(path: Path) -> None:
    tail = Tail(path)

    append(path, b"one\ntw")
    first = tail.read()
    append(path, b"o\n")
    second = tail.read()

    assert (first, second) == (b"one\n", b"two\n")


def test_a_line_is_read_only_once(path: Path) -> None:
    append(path, b"one\n")
    tail = Tail(path)

    tail.read()

    assert tail.read() == b""


def test_a_directory_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal" / "results.jsonl"
    tail = Tail(path)

    before = tail.read()
    path.parent.mkdir()
    append(path, b"one\n")

    assert (before, tail.read()) == (b"", b"one\n")


def test_a_file_that_goes_away_is_waited_for(path: Path) -> None:
    append(path, b"one\n")
    tail = Tail(path)
    tail.read()

    path.unlink()

    assert tail.read() == b""


def test_a_large_file_comes_in_chunks_of_complete_lines(path: Path) -> None:
    append(path, b"one\ntwo\nthree\n")
    tail = Tail(path, chunk_bytes=9)

    chunks = [tail.read(), tail.read(), tail.read()]

    assert chunks == [b"one\ntwo\n", b"three\n", b""]


def test_a_file_cut_below_what_was_read_is_noticed(path: Path) -> None:
    append(path, b"one\ntwo\n")
    tail = Tail(path)
    tail.read()

    os.truncate(path, 4)

    with pytest.raises(ReplacedError):
        tail.read()


def test_a_file_cut_and_grown_again_beyond_what_was_read_is_noticed(path: Path) -> None:
    append(path, b"one\ntwo\n")
    tail = Tail(path)
    tail.read()

    os.truncate(path, 4)
    append(path, b"three\nfour\n")

    with pytest.raises(ReplacedError):
        tail.read()


def test_another_file_under_the_name_is_noticed_even_if_it_begins_the_same(path: Path) -> None:
    append(path, b"one\n")
    tail = Tail(path)
    tail.read()

    other = path.with_name("other")
    append(other, b"one\ntwo\n")
    other.rename(path)

    with pytest.raises(ReplacedError):
        tail.read()


def test_a_half_line_that_is_cut_off_and_written_anew_is_read_as_it_is_then(path: Path) -> None:
    append(path, b"one\nhalf a li")
    tail = Tail(path)
    tail.read()

    os.truncate(path, 4)  # as pvsim does when it starts
    append(path, b"two\n")

    assert tail.read() == b"two\n"


def test_a_line_longer_than_a_chunk_does_not_stop_the_reading(path: Path) -> None:
    append(path, b"\0" * 10 + b"\ntwo\n")
    tail = Tail(path, chunk_bytes=8)

    chunks = [tail.read(), tail.read()]

    assert chunks == [b"\0" * 8, b"\0\0\ntwo\n"]


def test_it_knows_how_large_the_file_was_at_first_and_is_now(path: Path) -> None:
    append(path, b"one\n")
    tail = Tail(path)
    tail.read()

    append(path, b"tw")
    tail.read()

    assert (tail.size_at_first, tail.size, tail.position) == (4, 6, 4)


def test_it_knows_when_the_file_was_last_written(path: Path) -> None:
    append(path, b"one\n")
    os.utime(path, (1_782_036_000, 1_782_036_000))  # 2026-06-21T10:00:00Z
    tail = Tail(path)

    tail.read()

    assert tail.last_write_s == 1_782_036_000.0


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
        tail = Tail(path, chunk_bytes=chunk_bytes)
        for start, end in pairwise(edges):
            append(path, content[start:end])
            read.append(tail.read())
        while chunk := tail.read():
            read.append(chunk)

    assert b"".join(read) == content
    assert all(chunk.endswith(b"\n") for chunk in read if chunk)
