"""Base load, fridge and noise."""

import numpy as np
import pytest

from meter.always_on import AlwaysOn, always_on, with_noise
from meter.homes import Homes, homes_of

BEGIN = 1_782_000_000_000
SITES = [f"home-{n}" for n in range(500)]
SECONDS = BEGIN + 1000 * np.arange(4 * 3600)


def homes(annual_kwh: float = 3500.0, *, count: int = 500) -> Homes:
    return homes_of(SITES[:count], seed=1, variation=False, annual_kwh=annual_kwh)


def mean_power(some: AlwaysOn, row: int) -> float:
    """Of one home over exactly one period of its fridge [W]."""
    instants = BEGIN + np.arange(int(some.period[row, 0]))
    one = AlwaysOn(*(field[row : row + 1] for field in some))  # type: ignore[arg-type]  # each its own type
    return float(one.power(instants).mean())


@pytest.mark.parametrize("annual_kwh", [500.0, 1500.0, 3500.0, 12_000.0])
def test_what_is_always_on_is_27_5_w_in_the_mean_for_1000_kwh_a_year(annual_kwh: float) -> None:
    some = always_on(homes(annual_kwh, count=3), 1)

    for row in range(3):
        assert mean_power(some, row) == pytest.approx(0.0275 * annual_kwh, rel=1e-4)


def test_of_a_usual_home_20_w_are_base_load_for_1000_kwh_a_year() -> None:
    assert always_on(homes(), 1).base == pytest.approx(np.full((500, 1), 70.0))


def test_fridges_are_of_many_kinds() -> None:
    some = always_on(homes(), 1)

    assert [some.running.min(), some.running.max()] == pytest.approx([70, 120], abs=1)
    assert [some.period.min() / 60_000, some.period.max() / 60_000] == pytest.approx([35, 65], abs=0.5)
    assert [some.inrush.min(), some.inrush.max()] == pytest.approx([244, 566], abs=3)
    assert [some.starting.min(), some.starting.max()] == pytest.approx([1000, 2000], abs=10)
    duty = some.on / some.period
    assert 0.12 < duty.min() < duty.max() < 0.6


@pytest.mark.parametrize(("annual_kwh", "duty"), [(500.0, 0.12), (15_000.0, 0.6)])
def test_a_fridge_of_a_small_home_draws_less_and_that_of_a_large_one_runs_more_within_limits(
    annual_kwh: float, duty: float
) -> None:
    some = always_on(homes(annual_kwh), 1)

    assert np.median(some.on / some.period) == pytest.approx(duty, abs=0.01)
    assert some.running.max() <= 120


def test_a_fridge_starts_with_a_surge_runs_and_pauses() -> None:
    some = always_on(homes(count=1), 1)
    start = int(-(BEGIN + some.offset[0, 0]) % some.period[0, 0]) + BEGIN
    instants = np.array([start - 1, start, start + int(some.starting[0, 0]), start + int(some.on[0, 0])])

    power = some.power(instants)[0] - some.base[0, 0]

    assert power.tolist() == pytest.approx([0.0, some.inrush[0, 0], some.running[0, 0], 0.0])


def test_fridges_do_not_run_together_nor_did_they_in_1970() -> None:
    running = always_on(homes(), 1).power(np.array([0])) > 71

    assert 0.15 < running.mean() < 0.45  # 26 W of 70 to 120 W


@pytest.mark.parametrize(("power", "sigma"), [(0.0, 1.5), (100.0, 1.552), (2000.0, 8.139)])
def test_noise_is_1_5_w_and_0_4_percent_of_the_power(power: float, sigma: float) -> None:
    every_slot = SECONDS[::2]

    noise = with_noise(np.full((500, len(every_slot)), power), homes(), 1, every_slot) - power

    assert noise.std() == pytest.approx(sigma, rel=0.002)  # sigma: the root of the sum of squares; 3.6 million values
    assert noise.mean() == pytest.approx(0.0, abs=0.003 * sigma)
    assert np.mean(np.abs(noise) > 2 * sigma) == pytest.approx(0.045, abs=0.005)  # as of normal numbers


def test_noise_stays_for_two_seconds() -> None:
    noise = with_noise(np.zeros((1, 8)), homes(count=1), 1, BEGIN + 500 * np.arange(8))[0]

    assert len(set(noise[:4].tolist())) == 1
    assert len(set(noise[4:].tolist())) == 1
    assert noise[0] != noise[4]
