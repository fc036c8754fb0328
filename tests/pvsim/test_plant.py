"""A PV plant: its rated power, its limits, its nights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim.plant import Plant, ac_power, ac_power_of
from pvsim.sky import Sky

NOMINAL = Plant()


def sky(*, zenith: float = 35.0, azimuth: float = 180.0, ghi: float, dni: float, dhi: float) -> Sky:
    return Sky(*(np.array([value]) for value in (zenith, azimuth, ghi, dni, dhi, 1361.0)))


def power_of(plant: Plant, irradiance: float, temp_cell: float) -> float:
    return float(ac_power_of(plant, np.array([irradiance]), np.array([temp_cell]))[0])


def test_the_nominal_plant_is_that_of_the_documentation() -> None:
    assert NOMINAL == (5000.0, 4600.0, 35.0, 180.0, 0.1408)  # docs/model.md, section 2


def test_a_plant_at_standard_test_conditions_delivers_its_rated_power_less_losses() -> None:
    # PVWatts: 5000 W x (1 - 0.1408) = 4296 W DC, of 4600 / 0.96 W: zeta = 0.89656,
    # eta = 0.96 / 0.9637 x (-0.0162 zeta - 0.0059 / zeta + 0.9858) = 0.960991
    assert power_of(NOMINAL, 1000.0, 25.0) == pytest.approx(4128.42, abs=0.01)


def test_without_losses_the_inverter_is_the_limit() -> None:
    assert power_of(NOMINAL._replace(losses=0.0), 1000.0, 25.0) == 4600.0


def test_hot_modules_deliver_a_third_of_a_percent_less_per_kelvin() -> None:
    cool, hot = (power_of(NOMINAL, 800.0, temp_cell) for temp_cell in (25.0, 45.0))

    assert hot / cool == pytest.approx(1 - 20 * 0.0035, abs=0.001)  # the rest is the inverter's efficiency


@pytest.mark.parametrize("irradiance", [0.0, -1.0, float("nan")])
def test_without_light_there_is_exactly_no_power(irradiance: float) -> None:
    assert power_of(NOMINAL, irradiance, 20.0) == 0.0


@pytest.mark.parametrize("zenith", [90.0, 90.5, 120.0])
def test_a_plant_makes_nothing_while_the_sun_is_down_whatever_light_is_left(zenith: float) -> None:
    assert ac_power(NOMINAL, sky(zenith=zenith, ghi=10.0, dni=0.0, dhi=10.0)).tolist() == [0.0]


def test_a_plant_that_faces_the_sun_gets_more_than_one_that_lies_flat() -> None:
    noon = sky(zenith=70.0, ghi=250.0, dni=500.0, dhi=80.0)  # in winter

    facing, flat, away = (
        float(ac_power(NOMINAL._replace(surface_tilt=tilt, surface_azimuth=azimuth), noon)[0])
        for tilt, azimuth in ((60.0, 180.0), (0.0, 180.0), (60.0, 0.0))
    )

    assert facing > flat > away > 0


def test_a_plant_to_the_east_has_its_best_hour_in_the_morning() -> None:
    east = NOMINAL._replace(surface_azimuth=90.0)

    morning, evening = (
        float(ac_power(east, sky(zenith=60.0, azimuth=azimuth, ghi=500.0, dni=700.0, dhi=150.0))[0])
        for azimuth in (90.0, 270.0)
    )

    assert morning > 2 * evening


irradiances = st.just(0.0) | st.floats(1e-6, 1500)


@given(
    zenith=st.floats(0, 180),
    azimuth=st.floats(0, 360),
    ghi=irradiances,
    dni=irradiances,
    dhi=irradiances,
    tilt=st.floats(0, 90),
    rating=st.floats(100, 20_000),
)
def test_under_any_sky_the_power_is_between_nothing_and_the_inverters_rating(
    zenith: float, azimuth: float, ghi: float, dni: float, dhi: float, tilt: float, rating: float
) -> None:
    plant = NOMINAL._replace(surface_tilt=tilt, p_ac0=rating)

    power = float(ac_power(plant, sky(zenith=zenith, azimuth=azimuth, ghi=ghi, dni=dni, dhi=dhi))[0])

    assert 0.0 <= power <= rating
