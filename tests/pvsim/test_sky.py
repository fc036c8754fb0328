"""The clear sky, and the plant under it, against pvlib's own chain called the plain way."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pvlib
import pytest
from numpy.typing import NDArray

from pvsim.fleet import Fleet
from pvsim.sky import ClearSky, Sky
from pvsim_common.places import PLACES as NAMED
from pvsim_common.places import Place

DAY_MS = 86_400_000
RATING_W = 4600.0
TOLERANCE_W = 0.001 * RATING_W  # a fifth of what docs/model.md, section 5, number 5, allows


def place(latitude: float, longitude: float, altitude: float) -> Place:
    return NAMED["munich"]._replace(latitude=latitude, longitude=longitude, altitude=altitude)


def clear_sky(place: Place) -> ClearSky:
    return ClearSky(latitude=place.latitude, longitude=place.longitude, altitude=place.altitude)


def power_at(place: Place, instants: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the nominal plant delivers under a clear sky [W]."""
    tenths: NDArray[np.int64] = Fleet(place, seed=1, variation=False, sky="clear").power(["home-1"], instants)[0]
    return np.asarray(tenths / 10, dtype=np.float64)


PLACES = {
    "Munich": place(48.14, 11.58, 520.0),
    "Quito": place(-0.18, -78.47, 2850.0),
    "Sydney": place(-33.87, 151.21, 20.0),
    "Tromsø": place(69.65, 18.96, 10.0),  # midnight sun and polar night
    "Suva": place(-18.14, 178.44, 10.0),  # beside the date line
    "Denver": place(39.74, -104.99, 1609.0),
}
DAYS = ["2026-03-20", "2026-06-21", "2026-09-23", "2026-12-21", "2028-02-29"]


class Reference(NamedTuple):
    """What pvlib says."""

    apparent_elevation: NDArray[np.float64]
    clear_sky: pd.DataFrame
    power: NDArray[np.float64]


def instants_of(day: str, *, step_s: int) -> NDArray[np.int64]:
    return round(pd.Timestamp(day, tz="UTC").timestamp()) * 1000 + 1000 * np.arange(0, 86_400, step_s)


def pvlib_says(place: Place, instants: NDArray[np.int64]) -> Reference:
    """Pvlib's chain at each instant, without a grid and without a line of ours; the plant is docs/model.md's."""
    times = pd.to_datetime(instants, unit="ms", utc=True)
    location = pvlib.location.Location(place.latitude, place.longitude, altitude=place.altitude)
    sun = location.get_solarposition(times)
    clear = location.get_clearsky(times, model="ineichen", solar_position=sun)
    facing = 180 if place.latitude >= 0 else 0
    poa = pvlib.irradiance.get_total_irradiance(
        35,
        facing,
        sun["apparent_zenith"],
        sun["azimuth"],
        clear["dni"],
        clear["ghi"],
        clear["dhi"],
        dni_extra=pvlib.irradiance.get_extra_radiation(times),
        albedo=0.25,
        model="haydavies",
    )
    aoi = pvlib.irradiance.aoi(35, facing, sun["apparent_zenith"], sun["azimuth"])
    effective = poa["poa_direct"] * pvlib.iam.physical(aoi) + poa["poa_diffuse"]
    temp_cell = pvlib.temperature.faiman(poa["poa_global"], 20, 1, u0=25, u1=6.84)
    pdc = pvlib.pvsystem.pvwatts_dc(effective, temp_cell, 5000, -0.0035) * (1 - 0.1408)
    power = pvlib.inverter.pvwatts(pdc, RATING_W / 0.96, eta_inv_nom=0.96)
    return Reference(sun["apparent_elevation"].to_numpy(), clear, power.fillna(0).to_numpy())


def equal(one: Sky, other: Sky) -> bool:
    return all(np.array_equal(ours, theirs) for ours, theirs in zip(one, other, strict=True))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_at_every_instant_of_a_day_the_power_is_pvlibs_and_exactly_none_while_the_sun_is_down(
    place: Place, day: str
) -> None:
    instants = instants_of(day, step_s=97)  # never the same place between two points of the grid
    reference = pvlib_says(place, instants)

    power = power_at(place, instants)

    up = reference.apparent_elevation > 0
    assert np.abs(power - reference.power)[up].max(initial=0.0) <= TOLERANCE_W
    assert power[~up].tolist() == [0.0] * np.count_nonzero(~up)


def test_around_sunrise_and_sunset_every_second_is_right() -> None:
    place = PLACES["Munich"]
    day = instants_of("2026-03-20", step_s=1)
    elevation = np.interp(day, day[::600], pvlib_says(place, day[::600]).apparent_elevation)
    instants = day[np.abs(elevation) < 0.5]  # [degrees]
    reference = pvlib_says(place, instants)

    power = power_at(place, instants)

    assert len(instants) > 600
    assert np.abs(power - reference.power).max() <= TOLERANCE_W
    assert set(power[reference.apparent_elevation <= 0].tolist()) == {0.0}


@pytest.mark.parametrize("name", ["ghi", "dni", "dhi"])
def test_irradiance_is_pvlibs_clear_sky_within_a_few_watts(name: str) -> None:
    place = PLACES["Munich"]
    instants = instants_of("2026-06-21", step_s=97)
    reference = pvlib_says(place, instants).clear_sky[name].to_numpy()

    ours = getattr(clear_sky(place).at(instants), name)

    assert np.abs(ours - reference).max() < 5.0  # W/m2: just above the horizon, where a minute matters most


def test_the_sun_stands_where_pvlib_says() -> None:
    instants = instants_of("2026-06-21", step_s=97)
    times = pd.to_datetime(instants, unit="ms", utc=True)
    sun = pvlib.location.Location(48.14, 11.58, altitude=520).get_solarposition(times)

    sky = clear_sky(PLACES["Munich"]).at(instants)

    up = (sun["apparent_elevation"] > 0).to_numpy()
    zenith = np.degrees(np.arctan2(np.hypot(sky.east, sky.north), sky.up))
    azimuth = np.degrees(np.arctan2(sky.east, sky.north)) % 360
    assert np.abs(zenith - sun["apparent_zenith"])[up].max() < 0.01  # [degrees]
    assert np.abs(azimuth - sun["azimuth"])[up].max() < 0.01


def test_a_clear_day_in_june_is_known_for_ever() -> None:
    # 2026-06-21 in Munich at 04:00, 08:00, 11:00 and 16:00 UTC: another number is a new model version
    instants = instants_of("2026-06-21", step_s=3600)[[4, 8, 11, 16]]

    power = power_at(PLACES["Munich"], instants)

    assert np.round(power, 1).tolist() == [31.9, 2466.1, 3647.7, 1235.0]


@pytest.mark.parametrize("latitude", [-90.0, 0.0, 90.0])
@pytest.mark.parametrize("longitude", [-180.0, 180.0])
@pytest.mark.parametrize("altitude", [-430.0, 6000.0])
def test_at_the_ends_of_the_earth_there_are_numbers_too(latitude: float, longitude: float, altitude: float) -> None:
    instants = instants_of("2026-06-21", step_s=3600)

    power = power_at(place(latitude, longitude, altitude), instants)

    assert np.isfinite(power).all()
    assert power.max() <= RATING_W


def test_the_first_and_the_last_day_there_can_be_have_a_sky() -> None:
    instants = np.array([0, 43_200_000, 7_258_118_399_999])

    power = power_at(PLACES["Munich"], instants)

    assert power[1] > 0
    assert power[[0, 2]].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("order", [list(range(9)), list(range(8, -1, -1)), [4, 0, 8, 4, 1, 7, 2, 4, 6, 3, 5, 0]])
def test_the_order_of_days_does_not_change_a_value(order: list[int]) -> None:
    """Nine days: more than are kept."""
    instants = instants_of("2026-06-21", step_s=86_400)[0] + 40_000_123 + DAY_MS * np.array(order)
    sky = clear_sky(PLACES["Munich"])

    one_by_one = [sky.at(instants[n : n + 1]) for n in range(len(order))]

    together = clear_sky(PLACES["Munich"]).at(instants)
    assert equal(Sky(*map(np.concatenate, zip(*one_by_one, strict=True))), together)


def test_a_day_that_was_forgotten_comes_back_the_same() -> None:
    noon = instants_of("2026-06-21", step_s=86_400) + 43_200_000
    sky = clear_sky(PLACES["Munich"])
    before = sky.at(noon)

    for n in range(1, 10):
        sky.at(noon + n * DAY_MS)

    assert equal(sky.at(noon), before)


def test_instants_may_come_in_any_order_and_twice() -> None:
    instants = instants_of("2026-06-21", step_s=3600)
    mixed = np.r_[instants[::-1], instants + DAY_MS, instants]

    sky = clear_sky(PLACES["Munich"]).at(mixed)

    count = len(instants)
    assert sky.ghi[:count][::-1].tolist() == sky.ghi[-count:].tolist()


def test_midnight_belongs_to_both_days() -> None:
    place = PLACES["Sydney"]  # where the sun stands high at midnight UTC
    midnight = round(pd.Timestamp("2026-12-22", tz="UTC").timestamp()) * 1000

    ghi = clear_sky(place).at(midnight + np.array([-1, 0, 1])).ghi

    assert np.ptp(ghi) < 0.001
    assert ghi.min() > 500
