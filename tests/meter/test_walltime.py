"""A zone's wall clock: what it shows at an instant, and the one instant that each local time is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from meter.walltime import DAY_MS, QUARTER_MS, WallClock

BERLIN = WallClock(ZoneInfo("Europe/Berlin"))
ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "UTC"]


def instant(text: str) -> int:
    """An RFC 3339 instant in ms since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def local(text: str) -> int:
    """What a clock shows, in ms since it showed 1970-01-01 00:00."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def quarters_of(day: str) -> NDArray[np.int64]:
    return local(day) + QUARTER_MS * np.arange(96)


def test_clocks_show_local_time() -> None:
    shown = BERLIN.local(np.array([instant("2026-01-01T00:00:00Z"), instant("2026-06-21T10:00:00.5Z")]))

    assert shown.tolist() == [local("2026-01-01T01:00:00"), local("2026-06-21T12:00:00.5")]


def test_where_clocks_go_forward_what_is_skipped_is_as_much_later() -> None:
    times = np.array([local("2026-03-29T01:59:59"), local("2026-03-29T02:30:00"), local("2026-03-29T03:00:00")])

    assert BERLIN.instants(times).tolist() == [
        instant("2026-03-29T01:59:59+01:00"),
        instant("2026-03-29T03:30:00+02:00"),
        instant("2026-03-29T03:00:00+02:00"),
    ]


def test_where_clocks_go_back_what_is_shown_twice_is_the_first_time() -> None:
    times = np.array([local("2026-10-25T02:30:00"), local("2026-10-25T03:00:00")])

    assert BERLIN.instants(times).tolist() == [
        instant("2026-10-25T02:30:00+02:00"),
        instant("2026-10-25T03:00:00+01:00"),
    ]


# the day, and how far the clock's last quarter hour of it is from its first
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 22.75),
        ("Europe/Berlin", "2026-10-25", 24.75),
        ("Europe/Berlin", "2026-06-21", 23.75),
        ("Australia/Lord_Howe", "2026-10-04", 23.25),  # it changes by half an hour
        ("Australia/Lord_Howe", "2026-04-05", 24.25),
        ("Pacific/Chatham", "2026-09-27", 22.75),  # at 02:45, from +12:45
    ],
)
def test_a_local_day_is_as_long_as_its_clock_says(zone: str, day: str, hours: float) -> None:
    instants = WallClock(ZoneInfo(zone)).instants(quarters_of(day))

    assert (instants[-1] - instants[0]) / 3_600_000 == hours


def test_zones_with_quarter_hours_are_exact() -> None:
    kathmandu = WallClock(ZoneInfo("Asia/Kathmandu"))

    assert kathmandu.instants(np.array([local("2026-06-21T05:45:00")])).tolist() == [instant("2026-06-21T00:00:00Z")]


def test_before_1970_there_is_local_time_too() -> None:
    new_york = WallClock(ZoneInfo("America/New_York"))

    assert new_york.local(np.array([0])).tolist() == [local("1969-12-31T19:00:00")]
    assert new_york.instants(np.array([local("1969-12-31T19:00:00")])).tolist() == [0]


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 4_000_000_000_000 // QUARTER_MS), st.integers(1, DAY_MS))
def test_what_a_clock_shows_is_the_instant_but_in_the_hour_that_comes_twice(zone: str, quarter: int, more: int) -> None:
    clock = WallClock(ZoneInfo(zone))
    instants = np.array([quarter * QUARTER_MS + more])

    back = clock.instants(clock.local(instants))

    assert int(instants[0] - back[0]) in (0, 1_800_000, 3_600_000)


# the days around the changes of 2026 in Berlin, and of Lord Howe
@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z", "2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"]),
    st.integers(-96, 96),
    st.integers(1, 96),
)
def test_all_local_times_of_a_range_of_instants_are_around_it(zone: str, near: str, begin: int, length: int) -> None:
    clock = WallClock(ZoneInfo(zone))
    first = instant(near) + begin * QUARTER_MS
    last = first + length * QUARTER_MS

    around_first, around_last = clock.around(first, last)

    times = first - 2 * DAY_MS + QUARTER_MS * np.arange(length + 384)
    within = (clock.instants(times) >= first) & (clock.instants(times) < last)
    assert times[within].min(initial=around_first) >= around_first
    assert times[within].max(initial=around_first) < around_last


def test_no_times_have_no_instants() -> None:
    assert BERLIN.instants(np.array([], dtype=np.int64)).tolist() == []
