"""A PV plant: its rated power, its limits, its nights, and the light on its modules as pvlib has it."""

import numpy as np
import pvlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim.plant import Air, Plants, ac_power, ac_power_of, plane_of_array
from pvsim.sky import Sky

AIR = Air(temp_air=20.0, wind_speed=1.0)


def plants(
    *, tilt: float = 35.0, azimuth: float = 180.0, pdc0: float = 5000.0, p_ac0: float = 4600.0, losses: float = 0.1408
) -> Plants:
    """One plant; the nominal one of docs/model.md if nothing is said."""
    one = (np.array([value]) for value in (tilt, azimuth))
    return Plants.facing(*one, pdc0=np.array([pdc0]), p_ac0=np.array([p_ac0]), losses=np.array([losses]))


def sky(*, zenith: float = 35.0, azimuth: float = 180.0, ghi: float, dni: float, dhi: float) -> Sky:
    z, a = np.radians(zenith), np.radians(azimuth)
    east, north, up = np.sin(z) * np.sin(a), np.sin(z) * np.cos(a), np.sin(np.radians(90 - zenith))
    return Sky(*(np.array([value]) for value in (east, north, up, ghi, dni, dhi, 1361.0)))


def power_under(plants: Plants, sky: Sky) -> float:
    return float(ac_power(plants, sky, sky, AIR)[0])


def power_of(plants: Plants, irradiance: float, temp_cell: float) -> float:
    return float(ac_power_of(plants, np.array([irradiance]), np.array([temp_cell]))[0])


def test_a_plant_at_standard_test_conditions_delivers_its_rated_power_less_losses() -> None:
    # PVWatts: 5000 W x (1 - 0.1408) = 4296 W DC, of 4600 / 0.96 W: zeta = 0.89656,
    # eta = 0.96 / 0.9637 x (-0.0162 zeta - 0.0059 / zeta + 0.9858) = 0.960991
    assert power_of(plants(), 1000.0, 25.0) == pytest.approx(4128.42, abs=0.01)


def test_without_losses_the_inverter_is_the_limit() -> None:
    assert power_of(plants(losses=0.0), 1000.0, 25.0) == 4600.0


def test_hot_modules_deliver_a_third_of_a_percent_less_per_kelvin() -> None:
    cool, hot = (power_of(plants(), 800.0, temp_cell) for temp_cell in (25.0, 45.0))

    assert hot / cool == pytest.approx(1 - 20 * 0.0035, abs=0.001)  # the rest is the inverter's efficiency


@pytest.mark.parametrize("irradiance", [0.0, -1.0])
def test_without_light_there_is_exactly_no_power(irradiance: float) -> None:
    assert power_of(plants(), irradiance, 20.0) == 0.0


@pytest.mark.parametrize("zenith", [90.0, 90.5, 120.0])
def test_a_plant_makes_nothing_while_the_sun_is_down_whatever_light_is_left(zenith: float) -> None:
    assert power_under(plants(), sky(zenith=zenith, ghi=100.0, dni=0.0, dhi=100.0)) == 0.0


def test_a_plant_that_faces_the_sun_gets_more_than_one_that_lies_flat() -> None:
    noon = sky(zenith=70.0, ghi=250.0, dni=500.0, dhi=80.0)  # in winter

    facing, flat, away = (
        power_under(plants(tilt=tilt, azimuth=azimuth), noon)
        for tilt, azimuth in ((60.0, 180.0), (0.0, 180.0), (60.0, 0.0))
    )

    assert facing > flat > away > 0


def test_a_plant_to_the_east_has_its_best_hour_in_the_morning() -> None:
    morning, evening = (
        power_under(plants(azimuth=90.0), sky(zenith=60.0, azimuth=azimuth, ghi=500.0, dni=700.0, dhi=150.0))
        for azimuth in (90.0, 270.0)
    )

    assert morning > 2 * evening


def test_light_of_the_minutes_before_warms_the_modules() -> None:
    now, bright, dull = (sky(ghi=700.0 * share, dni=800.0 * share, dhi=100.0 * share) for share in (1.0, 1.2, 0.2))

    warm, cool = (float(ac_power(plants(), now, recent, AIR)[0]) for recent in (bright, dull))

    # the modules get 954 W/m2: a full sun less warms them by 954 / (25 + 6.84) = 30 C, that is 10 % of the power
    assert cool / warm == pytest.approx(1 + 0.0035 * 30 / (1 - 0.0035 * 31), rel=0.01)


@given(
    zenith=st.floats(0, 89.9),
    azimuth=st.floats(0, 360),
    tilt=st.floats(0, 90),
    facing=st.floats(0, 360),
    ghi=st.floats(0, 1500),
    dni=st.floats(0, 1300),
    dhi=st.floats(0, 800),
)
def test_the_light_on_the_modules_is_pvlibs(
    zenith: float, azimuth: float, tilt: float, facing: float, ghi: float, dni: float, dhi: float
) -> None:
    poa = pvlib.irradiance.get_total_irradiance(
        tilt, facing, zenith, azimuth, dni, ghi, dhi, dni_extra=1361.0, albedo=0.25, model="haydavies"
    )
    cosine = max(0.0, float(pvlib.irradiance.aoi_projection(tilt, facing, zenith, azimuth)))

    light = sky(zenith=zenith, azimuth=azimuth, ghi=ghi, dni=dni, dhi=dhi)
    direct, diffuse = plane_of_array(plants(tilt=tilt, azimuth=facing), light, np.array([cosine]))

    assert direct[0] == pytest.approx(poa["poa_direct"], abs=1e-6)
    assert diffuse[0] == pytest.approx(poa["poa_diffuse"], abs=1e-6)


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
    power = power_under(plants(tilt=tilt, p_ac0=rating), sky(zenith=zenith, azimuth=azimuth, ghi=ghi, dni=dni, dhi=dhi))

    assert 0.0 <= power <= rating
