"""The profiles that come with the meter, as people live by them in a place."""

from datetime import date, timedelta

import numpy as np
import pytest

from meter.profiles import QUARTER_MS
from meter.tables import ProfileName, load_profile
from pvsim_common.places import PLACES, Place

MUNICH = PLACES["munich"]


def number(day: date) -> int:
    """Of a day, counted since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def peak_hour(name: ProfileName, place: Place, day: date) -> float:
    return float(np.argmax(load_profile(name, place).of_day(number(day)))) / 4


# VDEW 1999 and BDEW 2025: on workdays most is used in the evening, on Sundays at noon
@pytest.mark.parametrize("name", ["H0", "H25"])
def test_public_holidays_are_sundays(name: ProfileName) -> None:
    christmas = date(2026, 12, 25)  # a Friday

    assert 11 <= peak_hour(name, MUNICH, christmas) <= 13
    assert 18 <= peak_hour(name, MUNICH, christmas - timedelta(days=7)) <= 20


@pytest.mark.parametrize("country", ["", "XX"])
def test_where_no_holidays_are_known_there_are_none(country: str) -> None:
    nowhere = MUNICH._replace(country=country)

    assert 18 <= peak_hour("H0", nowhere, date(2026, 12, 25)) <= 20


def test_holidays_are_those_of_the_country() -> None:
    thanksgiving = date(2026, 11, 26)  # in the United States, a Thursday

    assert 11 <= peak_hour("H0", PLACES["new-york"], thanksgiving) <= 13
    assert 18 <= peak_hour("H0", MUNICH, thanksgiving) <= 20


def test_south_of_the_equator_winter_is_in_july() -> None:
    sydney = load_profile("H0", PLACES["sydney"])

    january, july = (sydney.of_day(number(date(2026, month, 14))).mean() for month in (1, 7))

    assert july / january > 1.2  # docs/model.md, test 27


def test_the_two_profiles_differ() -> None:
    instants = 1_767_222_000_000 + QUARTER_MS * np.arange(35_040)  # 2026 in Berlin

    h0, h25 = (load_profile(name, MUNICH).mean_power(instants) for name in ("H0", "H25"))

    assert np.corrcoef(h0, h25)[0, 1] == pytest.approx(0.896, abs=0.01)  # measured once from the published tables


@pytest.mark.parametrize("name", ["H0", "H25"])
@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_a_year_of_1000_kwh(place: str, name: ProfileName) -> None:
    profile = load_profile(name, PLACES[place])

    days = [profile.of_day(number(date(2028, 1, 1)) + day) for day in range(366)]

    assert np.sum(days) / 4000 == pytest.approx(1000, rel=1e-9)
