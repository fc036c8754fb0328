"""What makes homes differ: their size, their hours, their habits and vacations."""

import numpy as np
import pytest

from meter.homes import BLOCK_QUARTERS, Homes, homes_of, sizes
from meter.walltime import QUARTERS
from pvsim_common.randomness import site_ids

SITES = [f"home-{n}" for n in range(2000)]
YEARS = 20_000 + np.arange(365 * 12 * 4)  # four years of blocks


def homes(count: int = 2000, *, variation: bool = True, annual_kwh: float = 3500.0) -> Homes:
    return homes_of(SITES[:count], seed=1, variation=variation, annual_kwh=annual_kwh)


def test_homes_use_3500_kwh_in_the_mean_and_3160_in_the_median() -> None:
    drawn = sizes(site_ids([f"home-{n}" for n in range(20_000)]), 1)

    assert np.mean(drawn) == pytest.approx(3500, rel=0.015)  # docs/model.md, section 4
    assert np.median(drawn) == pytest.approx(3160, rel=0.015)
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([1500, 6600], rel=0.03)


def test_the_mean_of_homes_scales_each_of_them() -> None:
    assert homes(annual_kwh=7000).annual_kwh == pytest.approx(2 * homes().annual_kwh)


def test_without_variation_homes_are_of_one_size_and_keep_the_profiles_hours() -> None:
    nominal = homes(variation=False, annual_kwh=4000)

    assert set(nominal.annual_kwh.tolist()) == {4000.0}
    assert set(nominal.shift.tolist()) == {0}


def test_homes_are_up_to_0_7_hours_earlier_or_later() -> None:
    shift_h = homes().shift / 3_600_000

    assert [shift_h.min(), shift_h.max()] == pytest.approx([-0.7, 0.7], abs=0.01)
    assert shift_h.mean() == pytest.approx(0.0, abs=0.03)  # three standard deviations


def test_blocks_of_habit_begin_at_any_quarter_of_two_hours() -> None:
    assert set(homes().phase.tolist()) == set(range(BLOCK_QUARTERS))


def test_homes_are_away_on_4_to_6_percent_of_days() -> None:
    some = homes(10)
    forty_years = 20_000 + np.arange(365 * 12 * 40)

    away = (some.use(1, np.tile(forty_years, (10, 1))) == 0).mean(axis=1)

    assert away.min() > 0.04
    assert away.max() < 0.06


def test_without_variation_nobody_is_ever_away() -> None:
    assert homes(50, variation=False).use(1, np.tile(YEARS, (50, 1))).min() > 0


def test_a_vacation_is_three_days_at_once() -> None:
    home = homes(1)
    blocks = YEARS[np.newaxis, : 365 * 12]

    away = home.use(1, blocks)[0] == 0

    borders = np.flatnonzero(np.diff(away.astype(int)))
    lengths = np.diff(borders)[0 if away[borders[0] + 1] else 1 :: 2]
    assert set(lengths.tolist()) == {3 * QUARTERS // BLOCK_QUARTERS}


def test_a_habit_is_a_quarter_or_more_and_one_in_the_mean_vacations_made_up_for() -> None:
    some = homes(50)

    use = some.use(1, np.tile(YEARS, (50, 1))) / some.annual_kwh[:, np.newaxis]

    assert use[use > 0].min() >= 0.25
    assert use.mean() == pytest.approx(1.0, abs=0.003)  # 876,000 blocks: three standard deviations are 0.0026
    assert use.mean(axis=1) == pytest.approx(np.ones(50), abs=0.03)


def test_a_habit_lasts_for_a_block_and_each_has_another() -> None:
    use = homes(5, variation=False).use(1, np.tile(YEARS[:100], (5, 1)))

    assert len(set(use.ravel().tolist())) == 500
