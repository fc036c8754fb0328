"""When appliances run: how often, and that each run is there once, whatever is asked for."""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meter.activity import Activity
from meter.appliances import APPLIANCES
from meter.homes import homes_of
from meter.profiles import Profile, parse_table
from meter.runs import Runs, poisson, runs
from meter.walltime import DAY_MS, QUARTER_MS, QUARTERS, Ints

TABLE = parse_table(files("meter").joinpath("data/h0.csv").read_text().splitlines())
UTC_DAY = 1_790_899_200_000 // DAY_MS * DAY_MS  # of 2026-10-02
DURATIONS = 1000 * np.array([appliance.seconds for appliance in APPLIANCES])
Run = tuple[int, int, int, float, float]


def activity(zone: str = "Europe/Berlin") -> Activity:
    return Activity(Profile(TABLE, ZoneInfo(zone)))


def drawn(begin: int, end: int, *, zone: str = "Europe/Berlin", homes: int = 20, variation: bool = True) -> Runs:
    sites = [f"home-{n}" for n in range(homes)]
    some = homes_of(sites, seed=1, variation=variation, annual_kwh=3500.0)
    return runs(some, activity(zone), seed=1, begin=begin, end=end)


def as_set(some: Runs) -> set[Run]:
    return set(zip(*(field.tolist() for field in some), strict=True))


@cache
def all_runs() -> set[Run]:
    """Those of twenty homes in eight days."""
    return as_set(drawn(UTC_DAY - 2 * DAY_MS, UTC_DAY + 6 * DAY_MS))


# by hand: exp(-1) = 0.3679, then 0.3679 and 0.1839 more
@pytest.mark.parametrize(
    ("mean", "u", "count"),
    [(1.0, 0.0, 0), (1.0, 0.3678, 0), (1.0, 0.3679, 1), (1.0, 0.7357, 1), (1.0, 0.7358, 2), (0.0, 0.9999, 0)],
)
def test_a_poisson_number_inverts_its_distribution(mean: float, u: float, count: int) -> None:
    assert poisson(np.array([mean]), np.array([u])).tolist() == [count]


@pytest.mark.parametrize("mean", [0.2, 3.0, 40.0])
def test_poisson_numbers_have_their_mean_as_variance(mean: float) -> None:
    u = (np.arange(100_000) + 0.5) / 100_000

    counts = poisson(np.full(100_000, mean), u)

    assert counts.mean() == pytest.approx(mean, rel=0.001)
    assert counts.var() == pytest.approx(mean, rel=0.005)


def test_more_than_anyone_could_use_is_cut_off() -> None:
    median, most = poisson(np.array([1e6, 1e6]), np.array([0.5, 1 - 2**-53])).tolist()

    assert median == 50
    assert most < 256


def test_energy_of_the_runs_is_what_the_profile_leaves_for_appliances() -> None:
    found = drawn(UTC_DAY, UTC_DAY + 10 * DAY_MS, homes=200, variation=False)

    energies = np.array([appliance.energy for appliance in APPLIANCES])
    energy_wh = (energies[found.kind] * found.strength).sum() / 200 / 10
    instants = UTC_DAY + QUARTER_MS * np.arange(10 * QUARTERS)
    profile = Profile(TABLE, ZoneInfo("Europe/Berlin")).mean_power(instants).mean() * 3.5
    assert energy_wh == pytest.approx(24 * (profile - 0.0275 * 3500), rel=0.03)  # 200 homes x 10 days: 1 % by chance


def test_runs_differ_in_strength_by_a_fifth() -> None:
    found = drawn(UTC_DAY, UTC_DAY + DAY_MS, homes=100)

    assert [found.strength.min(), found.strength.max()] == pytest.approx([0.8, 1.2], abs=0.005)
    assert found.shape.mean() == pytest.approx(0.5, abs=0.02)


def test_no_two_runs_are_alike() -> None:
    found = drawn(UTC_DAY, UTC_DAY + 5 * DAY_MS, homes=50)

    assert len({run[2:] for run in as_set(found)}) == len(found.kind) > 10_000


def test_runs_are_sorted_by_appliance() -> None:
    assert np.all(np.diff(drawn(UTC_DAY, UTC_DAY + DAY_MS).kind) >= 0)


@settings(max_examples=30, deadline=None)
@given(st.integers(-DAY_MS, 3 * DAY_MS), st.integers(1, DAY_MS), st.integers(1, 20))
def test_a_range_has_the_runs_that_overlap_it_whatever_else_is_asked(begin: int, length: int, homes: int) -> None:
    first, last = UTC_DAY + begin, UTC_DAY + begin + length

    found = as_set(drawn(first, last, homes=homes))

    assert found == {
        run for run in all_runs() if run[1] < homes and run[2] < last and run[2] + DURATIONS[run[0]] > first
    }


# days on which clocks change, and the instants that local midnights before and after are
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Pacific/Chatham", "2026-09-27", 23),
    ],
)
def test_days_on_which_clocks_change_have_the_runs_of_any_day_once_each(zone: str, day: str, hours: float) -> None:
    midnight = int(np.datetime64(day, "ms").astype(np.int64))
    ends = np.array([midnight, midnight + DAY_MS])
    begin, end = activity(zone).clock.instants(ends).tolist()

    there = drawn(begin - DAY_MS, end + DAY_MS, zone=zone)
    as_without_change = drawn(midnight - DAY_MS, midnight + 2 * DAY_MS, zone="UTC")

    def middles(some: Runs) -> Ints:
        return np.asarray(some.begin + DURATIONS[some.kind] // 2)

    expected = activity(zone).clock.instants(middles(as_without_change))
    wanted = np.sort(expected[(expected >= begin) & (expected < end)])
    found = middles(there)
    assert (end - begin) / 3_600_000 == hours
    assert np.sort(found[(found >= begin) & (found < end)]).tolist() == wanted.tolist()
    assert len(wanted) > 400


def test_no_run_has_its_middle_in_the_hour_that_comes_again() -> None:
    again = 1_792_890_000_000  # 2026-10-25T01:00:00Z, 02:00 in Berlin once more

    found = drawn(again - DAY_MS, again + DAY_MS, homes=300)

    middles = found.begin + DURATIONS[found.kind] // 2
    assert np.sum((middles >= again) & (middles < again + 3_600_000)) == 0
    assert np.sum((middles >= again - 3_600_000) & (middles < again)) > 50
