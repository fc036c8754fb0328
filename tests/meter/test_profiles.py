"""The standard load profile: its table, its seasons and days, and a year of exactly 1000 kWh."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from meter.profiles import (
    QUARTER_MS,
    Profile,
    day_type,
    dynamic_factor,
    half_a_year_away,
    month,
    parse_table,
    season,
)

BERLIN = ZoneInfo("Europe/Berlin")
TABLE = parse_table(files("meter").joinpath("data/h0.csv").read_text().splitlines())
DAYS = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]  # of a leap year


def quarters(begin: datetime, end: datetime) -> NDArray[np.int64]:
    """The instants [ms] at which the quarter hours from begin to end start."""
    return np.arange(round(begin.timestamp()) * 1000, round(end.timestamp()) * 1000, QUARTER_MS)


def local_day(year: int, month: int, day: int) -> NDArray[np.int64]:
    begin = datetime(year, month, day)  # noqa: DTZ001 - the zone comes after the arithmetic, so that a day is a local one
    return quarters(begin.replace(tzinfo=BERLIN), (begin + timedelta(days=1)).replace(tzinfo=BERLIN))


@pytest.fixture(scope="module")
def berlin() -> Profile:
    return Profile(TABLE, BERLIN)


def test_the_table_has_96_quarter_hours_for_each_season_and_kind_of_day() -> None:
    seasons, kinds = ("winter", "transition", "summer"), ("workday", "saturday", "sunday")

    assert set(TABLE) == {f"{season}_{kind}" for season in seasons for kind in kinds}
    assert {len(column) for column in TABLE.values()} == {96}


def test_a_table_is_read_by_its_head_and_blank_lines_are_none() -> None:
    table = parse_table(["quarter,a,b\n", "00:00,1,2.5\n", "\n", "00:15,3,4\n"])

    assert {name: column.tolist() for name, column in table.items()} == {"a": [1.0, 3.0], "b": [2.5, 4.0]}


# VDEW, Repraesentative VDEW-Lastprofile (1999): winter 1.11. to 20.3., summer 15.5. to 14.9., else transition
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ((1, 1), (3, 20), "winter"),
        ((3, 21), (5, 14), "transition"),
        ((5, 15), (9, 14), "summer"),
        ((9, 15), (10, 31), "transition"),
        ((11, 1), (12, 31), "winter"),
    ],
)
def test_a_season_begins_and_ends_on_its_days(first: tuple[int, int], last: tuple[int, int], name: str) -> None:
    days = [day for day in DAYS if first <= (day.month, day.day) <= last]

    assert (days[0], days[-1]) == (date(2028, *first), date(2028, *last))
    assert {season(day) for day in days} == {name}


def test_a_week_has_five_workdays_a_saturday_and_a_sunday() -> None:
    monday = date(2026, 6, 22)

    kinds = [day_type(monday + timedelta(days=n)) for n in range(7)]

    assert kinds == ["workday"] * 5 + ["saturday", "sunday"]


def test_a_public_holiday_is_a_sunday_whatever_day_it_is() -> None:
    friday, saturday = date(2026, 12, 25), date(2026, 12, 26)

    assert [day_type(day, {friday, saturday}) for day in (friday, saturday)] == ["sunday", "sunday"]


def test_the_days_of_half_a_year_away_are_of_the_opposite_season() -> None:
    away = [half_a_year_away(day) for day in DAYS]

    assert (half_a_year_away(date(2026, 1, 1)), half_a_year_away(date(2026, 12, 31))) == (
        date(2026, 7, 2),
        date(2026, 7, 1),
    )
    assert sorted(away) == DAYS  # each of them once


def test_where_it_is_southern_a_day_has_its_own_kind_and_the_other_half_years_season() -> None:
    southern = Profile(TABLE, UTC, southern=True)
    sunday = date(2026, 6, 21)

    powers = southern.of_day((sunday - date(1970, 1, 1)).days)

    column = TABLE["winter_sunday"]  # 182 days later is 20 December
    assert powers / powers[0] == pytest.approx(column / column[0])


def test_a_table_by_months_is_read_by_months() -> None:
    table = {
        f"{n:02d}_{kind}": np.full(96, float(n)) for n in range(1, 13) for kind in ("workday", "saturday", "sunday")
    }
    profile = Profile(table, UTC, period_of=month)

    january, june = (profile.of_day((date(2026, n, 15) - date(1970, 1, 1)).days).mean() for n in (1, 6))

    factors = dynamic_factor(date(2026, 6, 15)) / dynamic_factor(date(2026, 1, 15))
    assert june / january == pytest.approx(6 * factors)


# the source's polynomial -3.92e-10 d^4 + 3.2e-7 d^3 - 7.02e-5 d^2 + 2.1e-3 d + 1.24, by a pocket calculator
@pytest.mark.parametrize(
    ("day", "factor"),
    [
        (date(2026, 1, 1), 1.2420),
        (date(2026, 3, 20), 1.1103),
        (date(2026, 6, 21), 0.8096),
        (date(2026, 9, 23), 0.8918),
        (date(2028, 12, 31), 1.2597),  # the 366th day
    ],
)
def test_the_dynamic_factor_is_bdews_polynomial_in_the_day_of_the_year(day: date, factor: float) -> None:
    assert dynamic_factor(day) == pytest.approx(factor, abs=5e-5)


@pytest.mark.parametrize(("year", "hours"), [(2025, 8760), (2026, 8760), (2028, 8784)])
def test_a_year_of_quarter_hours_is_exactly_1000_kwh_leap_or_not(year: int, hours: int) -> None:
    profile = Profile(TABLE, UTC)
    instants = quarters(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))

    energy_wh = profile.mean_power(instants).sum() / 4

    assert len(instants) == 4 * hours
    assert energy_wh == pytest.approx(1_000_000, rel=1e-12)


def test_where_clocks_change_a_year_is_1000_kwh_but_for_the_difference_of_an_hour_at_night(berlin: Profile) -> None:
    instants = quarters(datetime(2026, 1, 1, tzinfo=BERLIN), datetime(2027, 1, 1, tzinfo=BERLIN))

    energy_wh = berlin.mean_power(instants).sum() / 4

    assert energy_wh == pytest.approx(1_000_000, abs=20)


def test_a_power_is_the_tables_value_of_local_time_times_the_days_factor_and_the_years_scale(berlin: Profile) -> None:
    instant = round(datetime(2026, 6, 22, 19, 30, tzinfo=BERLIN).timestamp()) * 1000  # a Monday in summer
    before = round(datetime(2026, 6, 21, 19, 30, tzinfo=BERLIN).timestamp()) * 1000  # a Sunday

    power = berlin.mean_power(np.array([instant, before]))

    expected = TABLE["summer_workday"][78] * dynamic_factor(date(2026, 6, 22))
    expected_before = TABLE["summer_sunday"][78] * dynamic_factor(date(2026, 6, 21))
    assert power[0] / power[1] == pytest.approx(expected / expected_before)


def test_a_power_lasts_a_quarter_of_an_hour(berlin: Profile) -> None:
    quarter = local_day(2026, 6, 21)[40]

    powers = berlin.mean_power(np.array([quarter - 1, quarter, quarter + QUARTER_MS - 1, quarter + QUARTER_MS]))

    assert powers[0] != powers[1] == powers[2] != powers[3]


def test_on_the_day_clocks_go_forward_the_hour_after_two_does_not_exist(berlin: Profile) -> None:
    day = local_day(2026, 3, 29)

    powers = berlin.mean_power(day)

    column = TABLE["transition_sunday"]
    assert len(day) == 92
    assert powers / powers[0] == pytest.approx(np.delete(column, np.s_[8:12]) / column[0])


def test_on_the_day_clocks_go_back_the_hour_after_two_comes_twice(berlin: Profile) -> None:
    day = local_day(2026, 10, 25)

    powers = berlin.mean_power(day)

    column = TABLE["transition_sunday"]
    assert len(day) == 100
    assert powers / powers[0] == pytest.approx(np.r_[column[:12], column[8:]] / column[0])


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham"])
def test_offsets_of_quarter_and_half_hours_are_whole_quarters(zone: str) -> None:
    midnight = datetime(2026, 6, 22, tzinfo=ZoneInfo(zone))
    later = midnight + timedelta(minutes=15)

    powers = Profile(TABLE, ZoneInfo(zone)).mean_power(quarters(midnight, later + timedelta(minutes=15)))

    assert powers[1] / powers[0] == pytest.approx(TABLE["summer_workday"][1] / TABLE["summer_workday"][0])


def test_at_new_year_the_local_year_counts(berlin: Profile) -> None:
    instants = quarters(datetime(2027, 12, 31, 23, tzinfo=BERLIN), datetime(2028, 1, 1, 1, tzinfo=BERLIN))

    powers = berlin.mean_power(instants)

    # 31 Dec 2027 is a Friday and 1 Jan 2028 a Saturday: the polynomial jumps and so does the scale
    old, new = TABLE["winter_workday"][92:], TABLE["winter_saturday"][:4]
    assert powers[:4] / old == pytest.approx(powers[0] / old[0])
    assert powers[4:] / new == pytest.approx(powers[4] / new[0])


@settings(max_examples=20)
@given(st.lists(st.integers(0, 7_258_118_399_999), min_size=1, max_size=4))
def test_each_instant_has_its_power_whatever_else_is_asked(instants: list[int]) -> None:
    profile = Profile(TABLE, BERLIN)

    together = profile.mean_power(np.array(instants))

    assert together.tolist() == [float(Profile(TABLE, BERLIN).mean_power(np.array([i]))[0]) for i in instants]


def test_what_is_forgotten_is_made_again_the_same(berlin: Profile) -> None:
    day = local_day(2026, 6, 21)
    before = berlin.mean_power(day)

    year = quarters(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
    berlin.mean_power(year)  # 35,136 quarters, far more than are kept

    assert berlin.mean_power(day).tolist() == before.tolist()


def test_no_instants_have_no_power(berlin: Profile) -> None:
    assert berlin.mean_power(np.array([], dtype=np.int64)).tolist() == []
