"""Tests 6 to 15: PV under clouds, over a month and over years."""

import pytest
from tests.model import pv_campaign
from tests.model.datasets import Datasets
from tests.model.scenarios import SEEDS
from tests.model.verdicts import outside

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

each_seed = pytest.mark.parametrize("seed", SEEDS)


@each_seed
def test_in_a_month_of_clouds_pv_changes_as_fast_and_is_as_bright_as_outside(datasets: Datasets, seed: int) -> None:
    assert outside(pv_campaign.of_month(datasets, seed)) == []


@each_seed
def test_neighbours_share_their_clouds_and_strangers_do_not(datasets: Datasets, seed: int) -> None:
    assert outside(pv_campaign.of_neighbours(datasets, seed)) == []


@each_seed
def test_some_days_are_steady_and_some_are_changeable(datasets: Datasets, seed: int) -> None:
    assert outside(pv_campaign.of_changeable_days(datasets, seed)) == []


def test_the_days_of_years_are_as_clear_as_their_place_and_as_lasting(datasets: Datasets) -> None:
    assert outside(pv_campaign.of_years(datasets)) == []


def test_plants_yield_what_plants_there_yield(datasets: Datasets) -> None:
    assert outside(pv_campaign.of_yields(datasets)) == []
