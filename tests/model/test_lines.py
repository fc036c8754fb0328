"""Tests 1, 2, 4 and 28 to 31: what a data set's lines are like, and that they are the same whoever asks for them."""

import pytest
from tests.model import line_campaign, line_measures, scenarios
from tests.model.datasets import Datasets
from tests.model.verdicts import outside

FEWER = {"homes": 2, "interval": "10min"} | scenarios.LATER


@pytest.mark.parametrize("seed", scenarios.SEEDS)
def test_every_line_fits_the_schema_adds_up_and_comes_one_interval_after_the_last(
    datasets: Datasets, seed: int
) -> None:
    assert outside(line_campaign.of_lines(datasets, seed)) == []


def test_plants_reach_what_their_inverters_can_and_no_more(datasets: Datasets) -> None:
    block = datasets.block(scenarios.day(1, sky="clear"))

    assert block.pv.max() == 1000 * scenarios.SMALL_INVERTER_KW


def test_fewer_homes_at_fewer_instants_are_a_part_of_the_same_lines(datasets: Datasets) -> None:
    assert outside(line_campaign.of_replay(datasets, FEWER)) == []


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("more", scenarios.REPLAYS.values(), ids=scenarios.REPLAYS.keys())
def test_lines_are_the_same_bytes_in_any_other_run_of_the_simulation(
    datasets: Datasets, more: dict[str, object]
) -> None:
    assert outside(line_campaign.of_replay(datasets, more)) == []


def test_two_seeds_are_two_simulations(datasets: Datasets) -> None:
    one, other = (datasets.block(scenarios.day(seed)) for seed in scenarios.SEEDS)

    assert outside(line_measures.of_two_seeds(one, other)) == []


def test_days_on_which_the_clock_changes_have_23_and_25_hours(datasets: Datasets) -> None:
    assert outside(line_campaign.of_clock_changes(datasets)) == []


@pytest.mark.long
@pytest.mark.timeout(900)
def test_in_an_hour_that_comes_twice_nothing_is_switched_on_twice(datasets: Datasets) -> None:
    block = datasets.block(scenarios.repeated_hours(1))

    assert outside(line_measures.of_repeated_hours(block)) == []
