"""The statistics give what is known of series that are known."""

import numpy as np
import pytest
from tests.model import series


def test_means_of_what_fills_a_window_are_taken_and_the_rest_is_left_out() -> None:
    assert series.means(np.array([[1.0, 3, 5, 7, 9]]), 2).tolist() == [[2, 6]]


def test_steps_are_differences_over_a_lag() -> None:
    assert series.steps(np.array([1.0, 4, 9, 16]), 2).tolist() == [8, 12]


def test_a_series_goes_with_its_double_and_against_its_negative() -> None:
    values = np.array([1.0, 5, 2, 8])

    assert series.correlation(values, 2 * values + 1) == pytest.approx(1)
    assert series.correlation(values, -values) == pytest.approx(-1)


def test_pairs_with_a_gap_do_not_count() -> None:
    one, other = np.array([1.0, 2, 3, np.nan]), np.array([1.0, np.nan, 3, 100])

    assert series.correlation(one, other) == pytest.approx(1)


def test_a_constant_has_no_correlation() -> None:
    assert np.isnan(series.correlation(np.ones(3), np.arange(3.0)))


def test_the_autocorrelation_of_a_sine_is_the_cosine_of_the_lag() -> None:
    wave = np.sin(2 * np.pi * np.arange(100_000) / 1000)

    assert series.autocorrelation(wave, 125) == pytest.approx(np.cos(np.pi / 4), abs=1e-3)


def test_the_autocorrelation_of_an_autoregressive_series_is_its_coefficient() -> None:
    noise = np.random.default_rng(1).normal(size=100_000)
    values = np.zeros_like(noise)
    for n in range(1, len(noise)):
        values[n] = 0.8 * values[n - 1] + noise[n]

    assert series.autocorrelation(values, 1) == pytest.approx(0.8, abs=0.01)
    assert series.autocorrelation(values, 3) == pytest.approx(0.8**3, abs=0.02)


def test_the_relative_error_weighs_too_much_and_too_little_alike() -> None:
    assert series.relative_error(np.array([90.0, 220]), np.array([100.0, 200])) == pytest.approx(0.1)


def test_a_clear_day_has_a_variability_index_of_one_and_a_steady_overcast_one_less() -> None:
    clear = 1000 * np.sin(np.linspace(0, np.pi, 721))

    assert series.variability_index(clear, clear, 1.0) == 1
    assert 0.3 < series.variability_index(0.2 * clear, clear, 1.0) < 1


def test_a_sawtooth_of_known_steps_has_the_variability_index_of_its_length() -> None:
    clear, broken = np.full(721, 800.0), np.tile([0.0, 800.0], 361)[:721]

    # 720 minutes with a step of 800 W/m2 each, against 720 minutes without a step
    assert series.variability_index(broken, clear, 1.0) == pytest.approx(np.hypot(800, 1))


@pytest.mark.parametrize("period_min", [35, 47, 65])
def test_the_period_of_a_fridge_is_found_under_noise(period_min: int) -> None:
    nights = 1440 * np.arange(7)[:, np.newaxis] + np.arange(180)
    running = np.where(nights % period_min < 0.4 * period_min, 90.0, 0.0)
    noise = np.random.default_rng(1).normal(0, 30, nights.shape)

    assert series.dominant_period(running + noise, 1.0) == pytest.approx(period_min, rel=0.1)


def test_homes_that_peak_together_coincide_and_homes_that_take_turns_do_not() -> None:
    assert series.coincidence(np.array([[0.0, 8], [0, 4], [0, 2]]), 3) == 1
    assert series.coincidence(np.eye(10), 10) == pytest.approx(0.1)


def test_coincidence_is_the_mean_over_groups_and_leaves_out_a_group_that_is_not_full() -> None:
    power = np.array([[0.0, 1], [0, 1], [1, 0], [0, 1], [5, 5]])

    assert series.coincidence(power, 2) == pytest.approx((1 + 0.5) / 2)
