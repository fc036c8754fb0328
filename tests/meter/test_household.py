"""What homes consume: the profile in the mean, each home different, every reading always the same."""

from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meter.household import MAX_POWER_W, Households
from meter.profiles import Profile, parse_table

TABLE = parse_table(files("meter").joinpath("data/h0.csv").read_text().splitlines())
PROFILE = Profile(TABLE, ZoneInfo("Europe/Berlin"))
NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
MIDNIGHT = 1_782_000_000_000  # of the same day
DAY_MS = 86_400_000
MINUTES = MIDNIGHT + 60_000 * np.arange(1440)
SITES = [f"home-{n}" for n in range(1, 1001)]


def homes(*sites: str, seed: int = 1, variation: bool = True, annual_kwh: float = 3500.0) -> Households:
    return Households(sites, seed=seed, profile=PROFILE, variation=variation, annual_kwh=annual_kwh)


@pytest.fixture(scope="module")
def five() -> Households:
    """Five homes that have been asked before: what they have compiled must not matter."""
    return homes(*SITES[:5])


def test_some_readings_are_known_for_ever() -> None:
    # made once by this model: another number here is another simulation, and a change for whoever compares journals
    instants = np.array([NOON, NOON + 1000, 1_798_747_200_000])  # the last: 2026-12-31T20:00:00Z

    powers = homes("home-1", "home-2", "home-3").power(instants)

    assert powers.tolist() == [[73, 73, 2413], [82, 82, 80], [844, 844, 417]]


def test_the_first_homes_of_many_are_the_homes_of_few() -> None:
    few, many = homes(*SITES[:3]), homes(*SITES[:30])

    assert few.power(MINUTES).tolist() == many.power(MINUTES)[:3].tolist()


def test_homes_of_several_groups_are_the_same_as_of_one() -> None:
    many = homes(*[f"villa-{n}" for n in range(999)], *SITES[:2])  # the last one is alone in the second group

    powers = many.power(MINUTES[:3])

    assert powers[999:].tolist() == homes(*SITES[:2]).power(MINUTES[:3]).tolist()


def test_of_very_many_homes_hours_are_compiled_and_each_reading_is_the_same() -> None:
    many = homes(*[f"villa-{n}" for n in range(20_000)], *SITES[:2])
    instants = NOON + np.array([0, 1_799_999, 1_800_000, 3_600_000])

    powers = many.power(instants)

    assert powers[20_000:].tolist() == homes(*SITES[:2]).power(instants).tolist()


def test_another_seed_is_another_simulation() -> None:
    one, other = homes("home-1", seed=1).power(MINUTES), homes("home-1", seed=2).power(MINUTES)

    assert np.mean(one == other) < 0.1


def test_homes_differ() -> None:
    one, other = homes("home-1", "home-2").power(MINUTES)

    assert np.mean(one == other) < 0.1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(range(5)), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 4 * 86_400).map(lambda n: MIDNIGHT + 1000 * n), min_size=1, max_size=8),
)
def test_a_reading_is_the_same_whatever_else_is_asked(five: Households, rows: list[int], instants: list[int]) -> None:
    block = homes(*[SITES[row] for row in rows]).power(np.array(instants))

    single = [[int(five.power(np.array([instant]))[row, 0]) for instant in instants] for row in rows]
    assert block.tolist() == single


def test_readings_around_the_border_of_two_days_do_not_depend_on_where_one_begins() -> None:
    seconds = MIDNIGHT + DAY_MS + 1000 * np.arange(-1800, 1800)

    forward, backward = homes(*SITES[:20]).power(seconds), homes(*SITES[:20]).power(seconds[::-1])

    assert forward.tolist() == backward[:, ::-1].tolist()


def test_readings_are_whole_watts_from_0_to_9000() -> None:
    powers = homes(*SITES).power(MINUTES[::15])

    assert powers.dtype == np.int64
    assert 0 <= powers.min() < 100  # a small home at night
    assert powers.max() <= MAX_POWER_W


def test_a_home_that_would_draw_more_than_9000_w_is_clipped() -> None:
    assert homes(*SITES[:50], annual_kwh=20_000).power(MINUTES).max() == MAX_POWER_W


def test_the_mean_of_homes_follows_the_profile() -> None:
    mean = homes(*SITES).power(MINUTES).mean(axis=0).reshape(96, 15).mean(axis=1)

    profile = 3.5 * PROFILE.mean_power(MINUTES[::15])
    assert np.corrcoef(mean, profile)[0, 1] > 0.97  # docs/model.md, test 17
    assert np.mean(np.abs(mean / profile - 1)) < 0.08
    assert mean.mean() / profile.mean() == pytest.approx(1.0, abs=0.04)  # 1000 homes of one day: 1.5 % by chance


def test_homes_use_in_the_mean_what_they_are_told() -> None:
    small = homes(*SITES[:300], annual_kwh=2000, variation=False).power(MINUTES).mean()
    large = homes(*SITES[:300], annual_kwh=6000, variation=False).power(MINUTES).mean()

    assert large / small == pytest.approx(3.0, rel=0.1)  # 300 homes of one day: 3 % each by chance


def test_without_variation_homes_do_not_differ_but_by_chance() -> None:
    days = MIDNIGHT + DAY_MS // 24 * np.arange(24 * 60)

    means = homes(*SITES[:50], variation=False).power(days).mean(axis=1)

    assert means.std() / means.mean() < 0.12  # with variation: 0.48


def test_no_instants_have_no_readings() -> None:
    assert homes("home-1").power(np.array([], dtype=np.int64)).shape == (1, 0)


def test_one_home_at_one_instant_is_a_block_too() -> None:
    assert homes("home-1").power(np.array([NOON])).shape == (1, 1)
