"""Tests 16 to 27: loads of one home, of a hundred and of a thousand."""

import pytest
from tests.model import load_campaign
from tests.model.datasets import Datasets
from tests.model.scenarios import SEEDS
from tests.model.verdicts import outside

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

each_seed = pytest.mark.parametrize("seed", SEEDS)


def test_a_home_uses_in_a_year_and_in_a_month_what_it_is_meant_to(datasets: Datasets) -> None:
    assert outside(load_campaign.of_years(datasets)) == []


@each_seed
def test_a_thousand_homes_have_their_profile_in_each_season_and_on_each_type_of_day(
    datasets: Datasets, seed: int
) -> None:
    assert outside(load_campaign.of_seasons(datasets, seed)) == []


def test_a_thousand_homes_of_2025_have_the_profile_of_2025(datasets: Datasets) -> None:
    measures = load_campaign.of_seasons(datasets, 1, "H25")

    assert outside({name: measures[name] for name in ("profile_r", "profile_mape", "other_profile_r")}) == []


@each_seed
def test_a_hundred_homes_have_quiet_nights_fridges_and_few_peaks_at_once(datasets: Datasets, seed: int) -> None:
    assert outside(load_campaign.of_hundred_homes(datasets, seed)) == []


@each_seed
def test_one_home_at_two_seconds_is_switched_on_and_off_as_a_real_one(datasets: Datasets, seed: int) -> None:
    assert outside(load_campaign.of_month(datasets, seed)) == []
