"""Clouds: as bright as the climate, carried by the wind, and what has warmed a module."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pvsim.clouds import Clouds, brightening, cover_by_noise, upwind
from pvsim_common.places import PLACES, Place

NOON = 1_782_036_000_000  # 2026-06-21T10:00:00Z
MUNICH = PLACES["munich"]
HERE = np.zeros(1)
Ints = NDArray[np.int64]


def clouds(seed: int = 1, place: Place = MUNICH) -> Clouds:
    return Clouds(seed, place, radius_km=2.0)


def every(seconds: float, count: int) -> Ints:
    return NOON + (1000 * seconds * np.arange(count)).astype(np.int64)


@pytest.mark.parametrize(("shift", "mean"), [(-1.5, 0.22), (-0.5, 0.50), (0.0, 0.685), (0.5, 0.84), (1.5, 1.02)])
def test_the_brighter_the_field_the_higher_the_mean_index(shift: float, mean: float) -> None:
    z = np.random.default_rng(1).normal(size=100_000)

    assert cover_by_noise().at(z + shift)[0].mean() == pytest.approx(mean, abs=0.01)


def test_brightening_is_what_gives_a_mean_index() -> None:
    z = np.random.default_rng(1).normal(size=100_000)
    asked = (0.22, 0.5, 0.685, 0.84, 1.02)

    means = [cover_by_noise().at(z + shift)[0].mean() for shift in brightening(cover_by_noise(), asked)]

    assert means == pytest.approx(asked, abs=0.01)


def test_a_sky_cannot_be_brighter_than_the_brightest() -> None:
    most, more = brightening(cover_by_noise(), (1.04, 1.05))

    assert most <= more < 2.5


@pytest.mark.parametrize("place", ["munich", "phoenix", "singapore"])
def test_over_years_the_index_has_the_mean_of_the_climate(place: str) -> None:
    hours = every(3600, 3 * 8766)

    index = clouds(place=PLACES[place]).cover(hours, HERE).clearsky_index

    assert index.mean() == pytest.approx(np.mean(PLACES[place].clearness), abs=0.06)


def test_the_beam_is_gone_long_before_the_light() -> None:
    cover = clouds().cover(every(600, 5000), HERE)

    dull = cover.clearsky_index < 0.5
    assert cover.beam[dull].max() < 0.001
    assert cover.clearsky_index.min() >= 0.04
    assert cover.beam.max() > 1  # beside a cloud


def test_a_neighbour_to_the_east_sees_the_same_clouds_later() -> None:
    instants = every(1, 600)
    passed = instants - 30_000  # 300 m to the east, at 10 m/s

    here, there = (clouds().cover(seen, HERE).clearsky_index for seen in (instants, passed))

    assert there[30:].tolist() == here[:-30].tolist()
    assert there[0] != here[0]


def test_a_neighbour_across_the_wind_sees_nearly_the_same_and_a_far_one_does_not() -> None:
    instants = every(60, 6000)
    here, near, far = (np.diff(clouds().cover(instants, np.full(1, by)).clearsky_index) for by in (0.0, 10.0, 500.0))

    assert np.corrcoef(here, near)[0, 1] > 0.7  # 100 m
    assert abs(np.corrcoef(here, far)[0, 1]) < 0.15  # 5 km


def test_places_far_apart_have_their_own_clouds() -> None:
    instants = every(60, 6000)
    one, other = (
        np.diff(clouds(place=PLACES[name]).cover(instants, HERE).clearsky_index) for name in ("munich", "berlin")
    )

    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05


def test_what_has_warmed_a_module_is_the_mean_of_some_minutes_seven_minutes_ago() -> None:
    minutes = every(60, 3000)
    index = clouds().cover(minutes, HERE).clearsky_index
    recent = clouds().recent_cover(minutes, HERE).clearsky_index

    lags = range(16)
    likeness = [float(np.corrcoef(recent[20:], index[20 - lag : len(index) - lag])[0, 1]) for lag in lags]

    assert 5 <= int(np.argmax(likeness)) <= 9
    assert recent.std() < index.std()


@pytest.mark.parametrize("spans", range(2500, 2510))
def test_the_mean_goes_on_without_a_step_where_days_are_kept_apart(spans: int) -> None:
    border = spans * 8 * 86_400_000

    before, after = clouds().recent_cover(np.array([border - 1, border]), HERE).clearsky_index

    assert after == pytest.approx(before, abs=1e-4)


def test_neighbours_along_the_wind_have_warmed_alike_and_those_in_other_strips_have_not() -> None:
    minutes = every(60, 300)
    here, beside, away = (clouds().recent_cover(minutes, np.full(1, by)).clearsky_index for by in (0.0, 20.0, 150.0))

    assert here.tolist() == beside.tolist()
    assert np.abs(here - away).max() > 0.01


def test_most_days_are_neither_clear_nor_dull_for_long() -> None:
    clearness = clouds().clearness(every(3600, 50_000))

    assert clearness.mean() == pytest.approx(0, abs=0.07)
    assert -1 < clearness.min() < -0.9 < 0.9 < clearness.max() < 1


def test_the_field_is_later_in_the_west_and_has_a_place_for_each_latitude() -> None:
    along, across = upwind(MUNICH._replace(latitude=0.0, longitude=-1.0))

    assert across == 0.0
    assert along == pytest.approx(11_119.5)  # a degree of 111 km at 10 m/s
    assert upwind(MUNICH._replace(latitude=1.0))[1] == pytest.approx(11_119.5)
