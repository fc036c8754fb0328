"""Which lattice points readings need: each finds its own four, however they are shared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pvsim.lattice import Points, points

Ints = NDArray[np.int64]
places = st.integers(-(2**40), 2**40)
near_or_far = st.lists(st.integers(-3, 3) | places, min_size=1, max_size=8)


def four_of(found: Points, lattice: int, reading: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Lattice, row and column of what a reading finds."""
    corner, stride = int(found.corners[lattice][reading]), int(found.strides[lattice])
    indexes = [corner, corner + 1, corner + stride, corner + stride + 1]
    return [(int(found.lattices[i]), int(found.rows[i]), int(found.columns[i])) for i in indexes]


@given(near_or_far, near_or_far, near_or_far)
def test_each_site_and_instant_finds_its_own_four_points_in_each_lattice(
    rows: list[int], columns: list[int], more_columns: list[int]
) -> None:
    count = min(len(columns), len(more_columns))
    both_rows = np.array([rows, rows[::-1]])[:, :, np.newaxis]
    both_columns = np.array([columns[:count], more_columns[:count]])[:, np.newaxis, :]

    found = points(both_rows, both_columns)

    for lattice in range(2):
        for site in range(len(rows)):
            for instant in range(count):
                row, column = int(both_rows[lattice, site, 0]), int(both_columns[lattice, 0, instant])
                assert four_of(found, lattice, (site, instant)) == [
                    (lattice, row + up, column + on) for up in (0, 1) for on in (0, 1)
                ]


@pytest.mark.parametrize("span", [1, 10**9])
def test_there_are_never_more_points_than_four_for_each_reading(span: int) -> None:
    columns = np.arange(100)[np.newaxis] * span

    found = points(np.zeros((1, 1), dtype=np.int64), columns)

    assert len(found.rows) <= 400


def test_neighbours_share_their_points() -> None:
    found = points(np.zeros((1, 1), dtype=np.int64), np.arange(100)[np.newaxis])

    assert len(found.rows) == 2 * 101
