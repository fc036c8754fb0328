"""Monthly means through the year."""

import numpy as np
import pytest

from pvsim.seasons import course, through_the_year
from pvsim_common.places import PLACES

HOUR_MS = 3_600_000
YEAR = 1_767_225_600_000 + HOUR_MS * np.arange(365 * 24)  # 2026-01-01T00:00:00Z
MONTHS = YEAR.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64) % 12


@pytest.mark.parametrize("place", PLACES)
def test_the_mean_of_each_month_is_the_one_given(place: str) -> None:
    temperature = PLACES[place].temperature

    values = through_the_year(course(temperature), YEAR)

    assert [values[month == MONTHS].mean() for month in range(12)] == pytest.approx(temperature, abs=0.02)


def test_there_are_no_steps_between_months_nor_years() -> None:
    values = through_the_year(course(PLACES["shanghai"].temperature), np.r_[YEAR, YEAR + 365 * 24 * HOUR_MS])

    assert np.abs(np.diff(values)).max() < 0.02  # [C] in an hour


def test_a_steady_climate_has_no_seasons() -> None:
    assert through_the_year(course((0.7,) * 12), YEAR) == pytest.approx(0.7)
