"""Uniform random numbers, as simulators of this kind often draw, are told from a believable simulation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from tests.model import judge, load_measures, pv_measures
from tests.model.load_measures import local_hours, mean_days, profile_days
from tests.model.pvlib_measures import against_pvlib
from tests.model.thresholds import THRESHOLDS
from tests.model.verdicts import Measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BERLIN = "Europe/Berlin"
MUNICH = judge.Position(48.14, 11.58, 520)
RATING = 4600.0


def instants(start: str, *, days: int, step_s: int) -> Ints:
    first = round(pd.Timestamp(start, tz=BERLIN).timestamp()) * 1000
    return first + 1000 * np.arange(0, 86_400 * days, step_s)


def uniform_load(homes: int, when: Ints) -> Floats:
    """0 to 9000 W, the range of the original challenge, whole watts."""
    return np.random.default_rng(homes).integers(0, 9001, (homes, len(when))).astype(np.float64)


def uniform_pv(when: Ints) -> Floats:
    return np.random.default_rng(1).uniform(0, RATING, len(when))


def bell_curve(when: Ints) -> Floats:
    """The same day each day: its highest point at 13 h, and nearly nothing before 6 and after 20 h."""
    return RATING * np.exp(-(((local_hours(when, BERLIN) - 13) / 3) ** 2))


def missed(measures: Measures) -> set[int]:
    """Numbers of the tests that do not pass."""
    return {THRESHOLDS[name].number for name, values in measures.items() if not THRESHOLDS[name].holds(values)}


@pytest.mark.parametrize("pv", [uniform_pv, bell_curve])
def test_neither_uniform_pv_nor_a_bell_curve_passes_for_a_plant(pv: Callable[[Ints], Floats]) -> None:
    day = instants("2026-06-21", days=1, step_s=2)
    said = judge.verdict(MUNICH, day, judge.Plant())

    measures = against_pvlib(pv(day), said, rating=RATING)
    measures |= pv_measures.of_30_days(pv(day), said, rating=RATING, interval_s=2)

    assert missed(measures) >= {3, 5, 11}


def test_a_thousand_homes_of_uniform_load_have_no_profile_and_no_evening() -> None:
    seasons = [instants(start, days=3, step_s=900) for start in ("2026-02-06", "2026-04-17", "2026-08-21")]
    when = np.concatenate(seasons)

    days = mean_days(uniform_load(1000, when), when, BERLIN)

    profile = profile_days("H0", when, BERLIN, annual_kwh=3500)
    measures = load_measures.against_profile(days, profile) | load_measures.of_days(days)

    assert missed(measures) >= {17, 25}


def test_a_week_of_homes_of_uniform_load_has_no_nights_no_fridges_and_no_diversity() -> None:
    when = instants("2026-02-02", days=7, step_s=60)
    load, hours = uniform_load(100, when), local_hours(when, BERLIN)

    measures = load_measures.of_nights(load, hours) | load_measures.of_fridges(load, hours)
    measures |= load_measures.of_groups(load_measures.coincidences(load))

    assert missed(measures) >= {19, 20, 24}


def test_a_day_of_uniform_load_has_neither_the_shape_nor_the_steps_nor_the_memory_of_a_home() -> None:
    when = instants("2026-02-02", days=1, step_s=2)

    measures = load_measures.of_one_home(uniform_load(1, when)[0], interval_s=2)

    assert missed(measures) >= {21, 22, 23}
