"""The table of appliances: what a run needs, and which of them run at what hours."""

import numpy as np
import pytest

from meter.appliances import APPLIANCES, LONGEST_MS, shares_by_hour
from meter.walltime import QUARTERS

EVEN_DAY = np.ones(QUARTERS)
BY_NAME = {appliance.name: appliance for appliance in APPLIANCES}


def test_a_home_has_fifteen_appliances() -> None:
    assert len(BY_NAME) == 15


# watts x hours, by a pocket calculator
@pytest.mark.parametrize(
    ("name", "minutes", "energy_wh"),
    [
        ("lighting", 90, 67.5),
        ("tv-and-it", 120, 220.0),
        ("misc", 40, 120.0),
        ("kettle", 2.5, 83.3),
        ("hob", 25, 331.5),  # 1800 W x (150 s + 38 % of 1350 s)
        ("oven", 45, 875.3),  # 2300 W x (600 s + 55/150 of 2100 s)
        ("dishwasher", 100, 993.3),  # 2000 W x 28 min + 50 W x 72 min
        ("short-boost", 7, 408.3),
    ],
)
def test_a_run_takes_its_time_and_its_energy(name: str, minutes: float, energy_wh: float) -> None:
    assert BY_NAME[name].seconds == 60 * minutes
    assert BY_NAME[name].energy == pytest.approx(energy_wh, abs=0.1)


def test_the_longest_run_is_two_hours_of_television() -> None:
    assert LONGEST_MS == 2 * 3_600_000


def test_stages_that_vary_keep_the_duration_of_the_run() -> None:
    assert [sum(stage.vary for stage in appliance.stages) for appliance in APPLIANCES] == [0] * 15


def test_no_power_is_too_much_for_the_edges() -> None:
    highest = max(stage.high for appliance in APPLIANCES for stage in appliance.stages)

    assert highest * 1.2 < 1 << 15


def test_at_every_hour_the_appliances_share_all_the_power() -> None:
    shares = shares_by_hour(EVEN_DAY)

    assert shares.shape == (15, 96)
    assert shares.min() > 0
    assert shares.sum(axis=0) == pytest.approx(1.0)


@pytest.mark.parametrize("day", [EVEN_DAY, 1 + np.sin(np.arange(QUARTERS) / 15)], ids=["even", "uneven"])
def test_over_a_day_each_has_the_share_that_the_table_says(day: np.ndarray) -> None:
    of_energy = shares_by_hour(day) @ day / day.sum()

    of_table = np.array([appliance.share for appliance in APPLIANCES])
    assert of_energy == pytest.approx(of_table / of_table.sum(), rel=0.01)


@pytest.mark.parametrize(("name", "hour"), [("hob", 18.5), ("hair-dryer", 7.0), ("short-boost", 21.0)])
def test_an_appliance_is_used_around_its_peaks(name: str, hour: float) -> None:
    share = shares_by_hour(EVEN_DAY)[list(BY_NAME).index(name)]

    assert share[int(hour * 4)] > 20 * share[12]  # than at three in the morning


def test_the_evening_goes_on_after_midnight() -> None:
    dishwasher = shares_by_hour(EVEN_DAY)[list(BY_NAME).index("dishwasher")]

    assert dishwasher[2] > 5 * dishwasher[14]  # half past midnight, and half past three
