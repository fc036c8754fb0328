"""The air that cools the modules."""

import numpy as np
import pytest

from pvsim.clouds import Clouds
from pvsim.weather import Weather
from pvsim_common.places import PLACES, Place

HOUR_MS = 3_600_000
YEAR = 1_767_225_600_000 + HOUR_MS * np.arange(365 * 24)  # 2026-01-01T00:00:00Z


def weather(place: Place) -> Weather:
    return Weather(1, place, Clouds(1, place, radius_km=2.0))


@pytest.mark.parametrize("name", ["munich", "sydney", "singapore"])
def test_the_year_is_as_warm_as_the_climate(name: str) -> None:
    temp_air = weather(PLACES[name]).at(YEAR).temp_air

    assert np.mean(temp_air) == pytest.approx(np.mean(PLACES[name].temperature), abs=0.5)


@pytest.mark.parametrize(("name", "hour"), [("munich", 14), ("sydney", 5), ("new-york", 20)])
def test_it_is_warmest_at_three_in_the_afternoon_of_the_sun(name: str, hour: int) -> None:
    by_hour = np.reshape(weather(PLACES[name]).at(YEAR).temp_air, (365, 24)).mean(axis=0)

    assert int(by_hour.argmax()) == hour  # UTC
    assert np.ptp(by_hour) == pytest.approx(10, abs=0.3)


def test_clear_days_are_warmer() -> None:
    clouds = Clouds(1, PLACES["munich"], radius_km=2.0)
    steady = PLACES["munich"]._replace(temperature=(10.0,) * 12)
    days = np.reshape(weather(steady).at(YEAR).temp_air, (365, 24)).mean(axis=1)

    clearness = clouds.clearness(YEAR).reshape(365, 24).mean(axis=1)

    assert np.corrcoef(days, clearness)[0, 1] > 0.99
    assert np.ptp(days) < 6.1


def test_the_wind_blows_with_two_metres_a_second_on_average_and_never_backwards() -> None:
    wind = weather(PLACES["munich"]).at(YEAR).wind_speed

    assert np.mean(wind) == pytest.approx(2.0, rel=0.05)
    assert 0.2 < np.min(wind) < 1 < 4 < np.max(wind) < 20
