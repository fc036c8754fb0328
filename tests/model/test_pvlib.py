"""Tests 3 and 5: PV under a clear sky is what pvlib says, and nothing while the sun is down."""

import pytest
from tests.model import pv_campaign, scenarios
from tests.model.datasets import Datasets
from tests.model.judge import Plant, Position, nominal
from tests.model.scenarios import PLANTS, REMOTE, SOLSTICES_AND_EQUINOXES
from tests.model.verdicts import outside

from pvsim_common.places import PLACES

JUNE = "2026-06-21"

each_day = pytest.mark.parametrize("first", SOLSTICES_AND_EQUINOXES)


@pytest.mark.parametrize("name", ["munich", "sydney"])
def test_in_summer_and_in_winter_the_power_is_pvlibs(datasets: Datasets, name: str) -> None:
    position = Position(*PLACES[name][:3])

    measures = pv_campaign.of_clear_day(datasets, JUNE, position, nominal(position.latitude), place=name)

    assert outside(measures) == []


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_a_plant_of_ones_own_is_pvlibs(datasets: Datasets, plant: Plant) -> None:
    position = Position(*PLACES["zurich"][:3])

    measures = pv_campaign.of_clear_day(
        datasets, JUNE, position, plant, place="zurich", **scenarios.plant_options(plant)
    )

    assert outside(measures) == []


@pytest.mark.long
@pytest.mark.timeout(900)
@each_day
def test_at_every_place_with_a_name_the_power_is_pvlibs(datasets: Datasets, first: str) -> None:
    assert outside(pv_campaign.of_presets(datasets, first)) == []


@pytest.mark.long
@pytest.mark.timeout(900)
@each_day
@pytest.mark.parametrize("position", REMOTE.values(), ids=REMOTE.keys())
def test_at_the_ends_of_the_earth_the_power_is_pvlibs(datasets: Datasets, position: Position, first: str) -> None:
    options = scenarios.position_options(position)

    measures = pv_campaign.of_clear_day(datasets, first, position, nominal(position.latitude), **options)

    assert outside(measures) == []
