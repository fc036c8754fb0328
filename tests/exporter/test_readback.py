"""Reading closed segments backwards."""

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exporter.segmented import SegmentedJournal, line

from exporter.readback import blocks_before, blocks_of_segments


@pytest.fixture
def journal(tmp_path: Path) -> SegmentedJournal:
    journal = SegmentedJournal(tmp_path)
    for segment in range(3):
        journal.append(*(("home-1", 1000 * (10 * segment + second), segment, second) for second in range(10)))
        journal.rotate()
    return journal


@pytest.mark.parametrize("compressed", [[], [2], [1, 2, 3]])
@pytest.mark.parametrize("block_bytes", [150, 1000, 1 << 20])
def test_segments_are_read_from_the_newest_to_the_first_compressed_or_not(
    journal: SegmentedJournal, compressed: list[int], block_bytes: int
) -> None:
    for number in compressed:
        journal.compress(number)

    blocks = list(blocks_of_segments(journal.directory, 3, block_bytes=block_bytes))

    assert b"".join(reversed(blocks)) == b"".join(map(line, journal.records))


def test_newer_segments_are_left_out(journal: SegmentedJournal) -> None:
    blocks = list(blocks_of_segments(journal.directory, 1))

    assert blocks == [b"".join(map(line, journal.records[:10]))]


def test_it_goes_on_in_the_compressed_segment_when_the_next_one_becomes_that(journal: SegmentedJournal) -> None:
    blocks = blocks_of_segments(journal.directory, 3, block_bytes=500)
    first = next(blocks)
    for number in (1, 2, 3):
        journal.compress(number)

    rest = list(blocks)

    assert b"".join(reversed([first, *rest])) == b"".join(map(line, journal.records))


def test_a_segment_that_was_removed_is_said(journal: SegmentedJournal) -> None:
    journal.remove(1)
    blocks = blocks_of_segments(journal.directory, 3)

    read = list(islice(blocks, 2))

    assert b"".join(reversed(read)) == b"".join(map(line, journal.records[10:]))
    with pytest.raises(FileNotFoundError):
        next(blocks)


def test_a_compressed_segment_that_would_take_seconds_is_not_read_back(journal: SegmentedJournal) -> None:
    (journal.directory / "results-00000004.jsonl.zst").touch()
    with (journal.directory / "results-00000004.jsonl.zst").open("ab") as file:
        file.truncate((1 << 26) + 1)

    with pytest.raises(FileNotFoundError, match="too large"):
        next(blocks_of_segments(journal.directory, 4))


@given(
    content=st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"")), max_size=12), block=st.integers(1, 40)
)
def test_blocks_are_all_lines_once_from_the_end_unless_one_is_longer(content: list[bytes], block: int) -> None:
    whole = b"".join(each + b"\n" for each in content)
    longest = max((len(each) + 1 for each in content), default=0)

    blocks = list(blocks_before(lambda begin, end: whole[begin:end], len(whole), block_bytes=block))

    assert whole.endswith(b"".join(reversed(blocks)))
    assert all(each.endswith(b"\n") for each in blocks)
    if longest < block:
        assert b"".join(reversed(blocks)) == whole
