"""Smooth noise: normal, with its variance and its time, and the same whatever else is asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pvsim.noise import Octaves, noise

TWO = Octaves(numbers=(0, 1), periods=(100.0, 7.0), shares=(0.6, 0.3))
ONE = Octaves(numbers=(0,), periods=(100.0,), shares=(1.0,))
times = st.floats(-1e10, 1e10) | st.integers(-1000, 1000).map(float)


def at(along: list[float], across: list[float], octaves: Octaves = TWO) -> NDArray[np.float64]:
    """Each distance (rows) at each time (columns)."""
    return noise(1, "test", octaves, np.array([along]), np.array(across)[:, np.newaxis])


@given(st.lists(times, min_size=1, max_size=6), st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=6))
def test_a_block_holds_what_each_pair_gives_alone(along: list[float], across: list[float]) -> None:
    block = at(along, across)

    assert block.tolist() == [[at([t], [y])[0, 0] for t in along] for y in across]


def test_mean_and_variance_are_those_of_the_shares() -> None:
    values = at((17.3 * np.arange(20_000)).tolist(), [0.0, 5000.0])

    assert values.mean() == pytest.approx(0, abs=0.02)
    assert values.var() == pytest.approx(0.9, rel=0.03)


@pytest.mark.parametrize("where", [0.0, 25.0, 50.0])
def test_the_variance_is_the_same_between_the_points_of_the_lattice(where: float) -> None:
    values = at((100.0 * np.arange(20_000) + where).tolist(), [0.0, 12_345.0 + where], ONE)

    assert values.var() == pytest.approx(1, rel=0.04)


def test_it_has_no_steps() -> None:
    values = at((0.01 * np.arange(200_000)).tolist(), [3.0], ONE)

    assert np.abs(np.diff(values)).max() < 0.01 / 100 * 3 * np.pi  # the steepest way between two far values


def test_beyond_a_period_it_knows_nothing_of_itself() -> None:
    along = np.arange(0, 2_000_000, 50, dtype=np.float64)
    here, later, beside = (
        noise(1, "test", ONE, along + on, np.full(1, by)) for on, by in ((0, 0.0), (250, 0.0), (0, 250.0))
    )

    assert abs(np.corrcoef(here, later)[0, 1]) < 0.04
    assert abs(np.corrcoef(here, beside)[0, 1]) < 0.04


def test_another_seed_stream_or_octave_is_another_noise() -> None:
    where = np.arange(0, 21, 7, dtype=np.float64), np.zeros(1)
    asked = [(1, "a", ONE), (2, "a", ONE), (1, "b", ONE), (1, "a", ONE._replace(numbers=(1,)))]

    assert len({noise(*one, *where).tobytes() for one in asked}) == len(asked)


def test_some_values_are_known_for_ever() -> None:
    # made once by this module: another number here is another simulation, and a new model version
    assert at([0.0, 1_782_036_000.5], [0.0, -77.7]).round(9).tolist() == [
        [1.272064992, 0.726757224],
        [-1.125610086, -0.881135341],
    ]
