"""No file makes the journal's readers lose a line, read one twice, or end in another way than they say."""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.mutation import SECONDS, for_a_while, mutated

from exporter.records import parse
from exporter.tail import Tail
from pvsim.records import Records
from pvsim.recovery import recover, recover_closed
from pvsim_common.segments import JournalError, closed_segment, open_segment

LINES = Records(
    ["home-1", "home-2"] * 20,
    1_782_036_000_000 + 1000 * np.arange(40, dtype=np.int64) // 2,
    np.arange(40, dtype=np.int64) * 10,
    np.arange(40, dtype=np.int64) * 1001,
).lines()
SEGMENTS = mutated(st.sampled_from([LINES, LINES[:400], b""]))


@pytest.mark.timeout(SECONDS + 120)
def test_the_exporter_reads_every_line_once_whatever_it_says_and_however_it_comes() -> None:
    @settings(max_examples=200, database=None)
    @given(SEGMENTS, st.lists(st.integers(0, 6000), max_size=5))
    def check(content: bytes, cuts: list[int]) -> None:
        content = content + b"\n"  # else the last line is not there yet
        bounds = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
        with TemporaryDirectory() as directory:
            tail, read = Tail(Path(directory), 1, journal=None), []
            for begin, end in pairwise(bounds):
                with open_segment(Path(directory)).open("ab") as file:
                    file.write(content[begin:end])
                while lines := tail.read():
                    read.append(lines)
        assert b"".join(read) == content
        records = [parse(lines) for lines in read]
        assert sum(len(some.sites) + some.invalid for some in records) == content.count(b"\n")
        assert all(len(column) == len(some.sites) for some in records for column in some[1:4])

    for_a_while(check)


@pytest.mark.timeout(SECONDS + 120)
def test_pvsim_cuts_a_torn_end_off_or_refuses_to_start() -> None:
    @settings(max_examples=200, database=None)
    @given(SEGMENTS)
    def check(content: bytes) -> None:
        with TemporaryDirectory() as directory:
            path = open_segment(Path(directory))
            path.write_bytes(content)
            try:
                recovered = list(recover(path))
            except JournalError:
                return
            end = recovered[-1].end if recovered else 0
            assert content[:end].endswith(b"\n") or end == 0
            path.write_bytes(content[:end])
            again = list(recover(path))
        assert [some.records.sites for some in again if some.records.sites] == [
            some.records.sites for some in recovered if some.records.sites
        ]
        assert (again[-1].end if again else 0) == end

    for_a_while(check)


@pytest.mark.timeout(SECONDS + 120)
def test_a_compressed_segment_is_read_as_a_whole_or_said_to_be_broken() -> None:
    compressed = st.builds(lambda lines: zstandard.compress(lines, 1), SEGMENTS)

    @settings(max_examples=200, database=None)
    @given(compressed | mutated(compressed))
    def check(content: bytes) -> None:
        with TemporaryDirectory() as directory:
            path = closed_segment(Path(directory), 1)
            path = path.with_name(path.name + ".zst")
            path.write_bytes(content)
            with suppress(JournalError):
                list(recover_closed(path))

    for_a_while(check)
