"""What homes consume: near the profile in the mean, each home different, every reading always the same."""

from datetime import UTC
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meter.household import MAX_POWER_W, Households, annual_kwh
from meter.profiles import Profile, parse_table
from pvsim_common.randomness import site_ids

TABLE = parse_table(files("meter").joinpath("data/h0.csv").read_text().splitlines())
PROFILE = Profile(TABLE, ZoneInfo("Europe/Berlin"))
NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
DAY = NOON + 1000 * np.arange(0, 86_400, 60)
SITES = [f"home-{n}" for n in range(1, 1001)]


def homes(*sites: str, seed: int = 1, variation: bool = True) -> Households:
    return Households(sites, seed=seed, profile=PROFILE, variation=variation)


def test_some_readings_are_known_for_ever() -> None:
    # made once by this model: another number here is another simulation, and a change for whoever compares journals
    instants = np.array([NOON, NOON + 1000, 1_798_747_200_000])  # the last: 2026-12-31T20:00:00Z

    powers = homes("home-1", "home-2", "home-3").power(instants)

    assert powers.tolist() == [[572, 584, 376], [561, 564, 499], [1166, 1240, 752]]


def test_the_first_homes_of_many_are_the_homes_of_few() -> None:
    few, many = homes(*SITES[:3]), homes(*SITES[:30])

    assert few.power(DAY).tolist() == many.power(DAY)[:3].tolist()


def test_another_seed_is_another_simulation() -> None:
    one, other = homes("home-1", seed=1).power(DAY), homes("home-1", seed=2).power(DAY)

    assert np.mean(one == other) < 0.1


def test_homes_differ() -> None:
    one, other = homes("home-1", "home-2").power(DAY)

    assert np.mean(one == other) < 0.1


@given(
    st.lists(st.sampled_from(SITES[:5]), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 100_000).map(lambda n: NOON + 10 * n), min_size=1, max_size=10),
)
def test_a_reading_is_the_same_whatever_else_is_asked(sites: list[str], instants: list[int]) -> None:
    block = homes(*sites).power(np.array(instants))

    single = [[int(homes(site).power(np.array([instant]))[0, 0]) for instant in instants] for site in sites]
    assert block.tolist() == single


def test_readings_are_whole_watts_from_0_to_9000() -> None:
    powers = homes(*SITES).power(DAY[:100])

    assert powers.dtype == np.int64
    assert powers.min() >= 0
    assert powers.max() <= MAX_POWER_W


def test_the_mean_of_homes_without_variation_is_the_profile_of_3500_kwh() -> None:
    homes_of_one_size = homes(*SITES[:200], variation=False)

    mean = homes_of_one_size.power(DAY).mean(axis=0)

    profile = PROFILE.mean_power(DAY) * 3.5
    # 200 homes whose minutes spread by 35 %: one standard deviation is 2.5 %
    assert mean / profile == pytest.approx(1.0, abs=0.12)
    assert mean.mean() / profile.mean() == pytest.approx(1.0, abs=0.005)


def test_with_variation_homes_use_3500_kwh_in_the_mean_and_3160_in_the_median() -> None:
    sizes = annual_kwh(site_ids([f"home-{n}" for n in range(20_000)]), 1)

    assert np.mean(sizes) == pytest.approx(3500, rel=0.015)  # docs/model.md, section 4
    assert np.median(sizes) == pytest.approx(3160, rel=0.015)
    assert np.quantile(sizes, [0.05, 0.95]) == pytest.approx([1500, 6600], rel=0.03)


def test_without_variation_all_homes_are_of_one_size() -> None:
    mean = homes(*SITES[:50], variation=False).power(DAY).mean(axis=1)

    assert mean.std() / mean.mean() < 0.02


def test_a_zone_shifts_the_day() -> None:
    berlin = homes("home-1", variation=False).power(DAY).mean()
    utc = Households(["home-1"], seed=1, profile=Profile(TABLE, UTC), variation=False).power(DAY).mean()

    assert berlin != utc


def test_one_home_at_one_instant_is_a_block_too() -> None:
    assert homes("home-1").power(np.array([NOON])).shape == (1, 1)
