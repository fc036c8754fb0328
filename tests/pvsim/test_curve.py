"""Tabulated functions."""

import numpy as np
import pytest

from pvsim.curve import Curves

BOTH = Curves.through(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.0]), np.array([5.0, 5.0, 7.0]))


def test_each_function_goes_through_its_points_and_is_straight_between() -> None:
    assert BOTH.at(np.array([0.0, 0.25, 0.5, 0.75, 1.0])).tolist() == [[0, 0.5, 1, 0.5, 0], [5, 5, 5, 6, 7]]


@pytest.mark.parametrize(("x", "end"), [(-9.0, [0.0, 5.0]), (9.0, [0.0, 7.0])])
def test_beyond_its_ends_it_stays_what_it_is_there(x: float, end: list[float]) -> None:
    assert BOTH.at(np.array([x]))[:, 0].tolist() == end
