"""What follows from a site's name: its plant and its offset."""

from collections.abc import Callable

import numpy as np
import pytest

from pvsim.plant import PlantChoice, Plants
from pvsim.roofs import offsets, plants
from pvsim_common.randomness import site_ids

IDS = site_ids([f"home-{n}" for n in range(2000)])


def varied(*, latitude: float = 48.0, **choice: float) -> Plants:
    return plants(IDS, PlantChoice(**choice), seed=1, variation=True, latitude=latitude)


def nominal(*, latitude: float = 48.0, **choice: float) -> Plants:
    return plants(IDS[:1], PlantChoice(**choice), seed=1, variation=False, latitude=latitude)


def tilts(plants: Plants) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.degrees(np.arccos(plants.up))


def azimuths(plants: Plants) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.degrees(np.arctan2(plants.east, plants.north)) % 360


def test_the_nominal_plant_is_that_of_the_documentation() -> None:
    plant = nominal()  # docs/model.md, section 2

    assert (plant.pdc0[0], plant.p_ac0[0]) == (5000, 4600)
    assert (tilts(plant)[0], azimuths(plant)[0]) == (pytest.approx(35), pytest.approx(180))
    assert plant.losses[0] == pytest.approx(0.1408)


def test_plants_vary_within_their_ranges_and_use_them() -> None:
    plant = varied()
    ratio, age = plant.pdc0 / plant.p_ac0, 1 - (1 - plant.losses) / (1 - 0.1408)

    for values, low, high in ((plant.pdc0, 3000, 10_000), (ratio, 1, 1.25), (tilts(plant), 10, 50), (age, 0, 0.1)):
        margin = 0.02 * (high - low)
        assert low <= values.min() < low + margin
        assert high - margin < values.max() <= high


@pytest.mark.parametrize(("latitude", "centre"), [(48.0, 180), (0.0, 180), (-34.0, 0)])
def test_plants_face_the_equator_or_around_it(latitude: float, centre: float) -> None:
    off = (azimuths(varied(latitude=latitude)) - centre + 180) % 360 - 180

    assert np.abs(off).max() <= 90.001
    assert off.mean() == pytest.approx(0, abs=3)
    assert np.mean(np.abs(off) < 45) == pytest.approx(0.75, abs=0.03)  # evenly spread it were 0.5


def test_below_the_equator_the_nominal_plant_faces_north() -> None:
    assert azimuths(nominal(latitude=-34.0))[0] == pytest.approx(0)


@pytest.mark.parametrize("make", [varied, nominal])
def test_what_is_chosen_holds_for_every_site(make: Callable[..., Plants]) -> None:
    plant = make(capacity_kwp=8.0, inverter_kw=7.0, surface_tilt=20.0, surface_azimuth=90.0, losses=10.0)

    assert set(plant.pdc0.tolist()) == {8000.0}
    assert set(plant.p_ac0.tolist()) == {7000.0}
    assert set(plant.losses.tolist()) == {0.1}
    assert tilts(plant) == pytest.approx(20)
    assert azimuths(plant) == pytest.approx(90)


def test_what_is_not_chosen_stays_as_it_was() -> None:
    before, after = varied(), varied(surface_tilt=20.0)

    assert after.pdc0.tolist() == before.pdc0.tolist()
    assert azimuths(after) == pytest.approx(azimuths(before))


def test_an_inverter_fits_the_capacity_that_was_chosen() -> None:
    plant = varied(capacity_kwp=20.0)

    assert plant.p_ac0.min() >= 16_000
    assert plant.p_ac0.max() <= 20_000


def test_sites_lie_evenly_within_the_radius() -> None:
    east, north = offsets(IDS, seed=1, radius_km=2.0)
    distance = np.hypot(east, north)

    assert distance.max() <= 2000
    assert np.mean(distance < 1000) == pytest.approx(0.25, abs=0.03)
    assert (east.mean(), north.mean()) == (pytest.approx(0, abs=70), pytest.approx(0, abs=70))


def test_another_seed_is_another_plant_at_another_spot() -> None:
    one, other = (plants(IDS[:1], PlantChoice(), seed=seed, variation=True, latitude=48.0) for seed in (1, 2))

    assert one.pdc0[0] != other.pdc0[0]
    assert offsets(IDS[:1], seed=1, radius_km=2)[0] != offsets(IDS[:1], seed=2, radius_km=2)[0]
