"""What a journal holds in sum: the same whether it was read, written or taken from a checkpoint."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim.contents import Contents
from pvsim.past import contents_of
from pvsim.records import Records
from pvsim_common.checkpoint import Checkpoint, SharedRuns
from pvsim_common.segments import JournalError

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
Record = tuple[str, int, int, int]
"""Site, instant [ms since 1970], meter and PV power [tenths of a watt]."""


def records(*rows: Record) -> Records:
    sites, *columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    instants, meter, pv = (np.array(column, dtype=np.int64) for column in columns)
    return Records(list(sites), instants, meter, pv)


def checkpoint(*rows: Record) -> Checkpoint:
    contents = Contents()
    contents.read_back(records(*rows))
    return contents.snapshot(segment=7, size=99).checkpoint()


def test_a_checkpoint_says_what_was_recorded() -> None:
    assert checkpoint(
        ("home-1", NOON, 10_000, 0),
        ("home-2", NOON, 5000, 8000),
        ("home-1", NOON + 1000, 20_000, 5000),
        ("home-2", NOON + 1000, 5000, 8000),
    ) == Checkpoint(
        segment=7,
        records=4,
        size=99,
        sites=["home-1", "home-2"],
        coverage=[SharedRuns([(NOON, NOON + 1000, 1000)], [(0, 2)])],
        newest=[NOON + 1000] * 2,
        meter=[20_000, 5000],
        pv=[5000, 8000],
        energy=([20_000_000, 5_000_000], [5_000_000, 8_000_000], [15_000_000, 0], [0, 3_000_000]),
    )


def test_a_late_record_says_nothing_of_now() -> None:
    late = checkpoint(("home-1", NOON + 9000, 1, 2), ("home-1", NOON, 3, 4), ("home-1", NOON + 8000, 5, 6))

    assert (late.newest, late.meter, late.pv) == ([NOON + 9000], [1], [2])


def test_no_record_is_a_checkpoint_too() -> None:
    nothing = checkpoint()

    assert (nothing.records, nothing.sites, nothing.coverage, nothing.energy) == (0, [], [], ([], [], [], []))
    assert Contents.of(nothing).sites() == 0


rows = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.integers(0, 30).map(lambda n: 1000 * n), st.integers(0, 99), st.integers(0, 99)
    ),
    max_size=30,
    unique_by=lambda row: row[:2],
)


@given(rows, st.integers(0, 30))
def test_going_on_from_a_checkpoint_gives_the_sums_of_one_that_never_stopped(written: list[Record], at: int) -> None:
    resumed = Contents.of(checkpoint(*written[:at]))
    resumed.read_back(records(*written[at:]))

    found, expected = resumed.snapshot(segment=7, size=99).checkpoint(), checkpoint(*written)

    assert msgspec.structs.replace(found, coverage=[]) == msgspec.structs.replace(expected, coverage=[])


@given(rows, rows)
def test_what_stands_in_a_checkpoint_is_not_unseen(written: list[Record], again: list[Record]) -> None:
    resumed = Contents.of(checkpoint(*written))

    first = resumed.read_back(records(*again))

    there = {row[:2] for row in written}
    assert first.tolist() == [row[:2] not in there for row in again]


def test_a_snapshot_does_not_change_with_what_comes_after_it() -> None:
    contents = Contents()
    contents.read_back(records(("home-1", NOON, 1, 2)))
    snapshot = contents.snapshot(segment=1, size=1)
    before = snapshot.checkpoint()

    contents.read_back(records(("home-1", NOON + 1000, 3, 4), ("home-1", NOON + 9000, 3, 4), ("home-2", NOON, 5, 6)))

    assert snapshot.checkpoint() == before


GOOD = checkpoint(("home-1", NOON, 1, 2), ("home-2", NOON, 1, 2))
BROKEN = {
    "a site twice": {"sites": ["home-1", "home-1"]},
    "coverage of one site only": {"coverage": [SharedRuns([(NOON, NOON, 0)], [(0, 1)])]},
    "a number beyond 64 bits": {"meter": [1, 1 << 64]},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_checkpoint_that_makes_no_sense_is_named(change: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"checkpoint\.json: "):
        contents_of(tmp_path, msgspec.structs.replace(GOOD, **change))
