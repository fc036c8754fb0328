"""Which instants a meter publishes, and when."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meter.clock import Clock, Plan, blocks, plan
from pvsim_common.broker import Position
from pvsim_common.service import Stop

NOW = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
DAY = 86_400_000


def planned(positions: dict[int, Position] | None = None, **changes: Any) -> Plan:  # noqa: ANN401 - any of plan's arguments
    """The plan of the only shard of a run in real time that began now, but for what is said otherwise."""
    usual = {
        "shard": 0,
        "shards": 1,
        "start": "now",
        "start_instant": NOW,
        "interval_s": 1.0,
        "now": NOW,
        "real_time": True,
        "catch_up_limit_s": 86_400.0,
    }
    return plan(positions or {}, **{**usual, **changes})


def position(instant: int, *, start: str = "now", shards: int = 1, origin: int = 0, since: int = 0) -> Position:
    return Position(instant, start, 1.0, shards, origin, since)


def test_a_new_run_begins_at_its_start() -> None:
    begun = planned()

    assert begun.run == Position(NOW - 1000, "now", 1.0, 1, origin=NOW, since=NOW)
    assert (begun.first(1000), begun.skipped) == (NOW, 0)


@pytest.mark.parametrize(
    ("start_instant", "interval_s", "first"),
    [(NOW + 1, 1.0, NOW + 1000), (NOW, 900.0, NOW), (NOW + 1, 900.0, NOW + 900_000), (0, 3600.0, 0), (7, 0.01, 10)],
)
def test_instants_are_whole_multiples_of_the_interval_since_1970(
    start_instant: int, interval_s: float, first: int
) -> None:
    begun = planned(start_instant=start_instant, interval_s=interval_s, real_time=False)

    assert begun.first(round(interval_s * 1000)) == first


def test_a_run_goes_on_right_after_its_last_confirmed_instant() -> None:
    resumed = planned({0: position(NOW - 60_000, origin=NOW - DAY)})

    assert (resumed.first(1000), resumed.run.origin, resumed.skipped) == (NOW - 59_000, NOW - DAY, 0)


@pytest.mark.parametrize("other", [{"start": "-24h"}, {"interval_s": 2.0}])
def test_another_start_or_interval_is_another_run(other: dict[str, Any]) -> None:
    begun = planned({0: position(NOW - 60_000)}, **other)

    assert begun.first(1000 * int(other.get("interval_s", 1))) == NOW


def test_after_a_long_outage_only_the_catch_up_limit_is_made_up_for_and_the_rest_counted() -> None:
    resumed = planned({0: position(NOW - 3 * DAY)}, now=NOW)

    assert resumed.first(1000) == NOW - DAY
    assert resumed.skipped == 2 * 86_400 - 1  # from NOW - 3 d + 1 s to NOW - 1 d - 1 s


def test_an_outage_of_just_the_catch_up_limit_skips_nothing() -> None:
    resumed = planned({0: position(NOW - DAY - 1000)})

    assert (resumed.first(1000), resumed.skipped) == (NOW - DAY, 0)


def test_a_catch_up_limit_of_nothing_goes_on_at_now() -> None:
    resumed = planned({0: position(NOW - 10_000)}, catch_up_limit_s=0.0)

    assert (resumed.first(1000), resumed.skipped) == (NOW, 9)


def test_a_run_from_a_given_start_is_caught_up_as_a_whole() -> None:
    resumed = planned({0: position(NOW - 30 * DAY, start="-60d")}, start="-60d")

    assert (resumed.first(1000), resumed.skipped) == (NOW - 30 * DAY + 1000, 0)


def test_where_time_is_only_simulated_nothing_is_skipped() -> None:
    resumed = planned({0: position(NOW - 30 * DAY)}, real_time=False)

    assert (resumed.first(1000), resumed.skipped) == (NOW - 30 * DAY + 1000, 0)


def test_a_run_that_was_faster_than_real_time_goes_on_at_now() -> None:
    resumed = planned({0: position(NOW + DAY, origin=NOW - DAY)}, now=NOW + 500)

    assert (resumed.first(1000), resumed.skipped) == (NOW + 1000, 0)


def test_a_wall_clock_set_back_by_less_than_a_minute_is_waited_for() -> None:
    resumed = planned({0: position(NOW + 60_000)})

    assert resumed.first(1000) == NOW + 61_000


def test_a_start_in_the_future_is_waited_for() -> None:
    begun = planned(start="+1d", start_instant=NOW + DAY)
    again = planned({0: begun.run}, start="+1d", start_instant=NOW + DAY + 5000, now=NOW + 5000)

    assert (begun.first(1000), again.first(1000)) == (NOW + DAY, NOW + DAY)


def test_with_another_number_of_shards_all_begin_at_the_oldest_instant_of_the_former_ones() -> None:
    former = {0: position(NOW - 5000, shards=2), 1: position(NOW - 9000, shards=2)}

    plans = [planned(former, shard=shard, shards=3) for shard in range(3)]

    assert {(p.first(1000), p.run.since, p.run.shards) for p in plans} == {(NOW - 8000, NOW - 8000, 3)}


def test_a_shard_that_starts_late_begins_where_its_fellows_began() -> None:
    positions = {
        0: position(NOW - 1000, shards=2, since=NOW - 8000),  # it has been going on with two for a while
        1: position(NOW - 9000, shards=1),
    }

    late = planned(positions, shard=1, shards=2)

    assert (late.first(1000), late.run.since) == (NOW - 8000, NOW - 8000)


def test_a_former_shard_that_never_began_is_not_forgotten() -> None:
    positions = {0: position(NOW - 1000, shards=2, since=NOW - 8000)}  # shard 1 of 2 did not come to start

    resumed = planned(positions, shards=1)

    assert resumed.first(1000) == NOW - 8000


def test_a_former_shard_that_had_not_followed_to_the_new_number_is_not_forgotten() -> None:
    positions = {
        0: position(NOW - 1000, shards=2, since=NOW - 8000),
        1: position(NOW - 3000, shards=3, since=NOW - DAY),
        2: position(NOW - 4000, shards=3, since=NOW - DAY),
    }

    resumed = planned(positions, shards=4)

    assert resumed.first(1000) <= NOW - 8000


class FakeTime:
    """Both clocks of a machine; waiting makes time pass."""

    def __init__(self) -> None:
        self.monotonic_s, self.wall_s = 1000.0, NOW / 1000

    def pass_(self, seconds: float) -> None:
        """Let so much time pass for both."""
        self.monotonic_s += seconds
        self.wall_s += seconds


class FakeStop(Stop):
    """Waits in fake time, a little longer than asked for, and is asked to stop after so many waits."""

    def __init__(self, time: FakeTime, *, late_s: float = 0.0, waits: int = 1_000_000) -> None:
        super().__init__()
        self._time, self._late_s, self._waits = time, late_s, waits

    def wait(self, seconds: float) -> bool:
        """As Stop's."""
        self._time.pass_(seconds + self._late_s)
        self._waits -= 1
        if self._waits <= 0:
            self.set()
        return self._waits <= 0


def clock(time: FakeTime, *, speed: float = 1.0, first: int = NOW) -> Clock:
    return Clock(speed=speed, first=first, wall=lambda: time.wall_s, monotonic=lambda: time.monotonic_s)


def test_in_real_time_it_is_as_late_as_the_wall_clock_says() -> None:
    time = FakeTime()
    real = clock(time, first=NOW - DAY)

    time.pass_(2.5)

    assert real.now() == NOW + 2500
    assert real.seconds_until(NOW + 4000) == 1.5


def test_at_another_speed_time_begins_at_the_first_instant_and_passes_faster() -> None:
    time = FakeTime()
    fast = clock(time, speed=60.0, first=0)

    time.pass_(2.0)

    assert fast.now() == 120_000
    assert fast.seconds_until(180_000) == 1.0


def test_as_fast_as_it_can_means_that_every_instant_is_due() -> None:
    assert clock(FakeTime(), speed=0.0).seconds_until(NOW + 1000 * DAY) == 0.0


def test_a_wall_clock_set_back_does_not_turn_time_back() -> None:
    time = FakeTime()
    real = clock(time)

    time.wall_s -= 3600
    time.pass_(1.0)

    assert real.now() == NOW + 1000


def test_after_the_machine_slept_time_is_the_wall_clocks_again() -> None:
    time = FakeTime()
    real = clock(time)

    time.wall_s += 3600
    time.pass_(1.0)

    assert real.now() == NOW + 3_601_000


def test_a_wall_clock_that_is_corrected_by_less_than_a_second_is_not_followed() -> None:
    time = FakeTime()
    real = clock(time)

    time.wall_s += 0.9

    assert real.now() == NOW


@pytest.mark.parametrize(("set_by_s", "skew_s"), [(0.0, 0.0), (-3600.0, -3600.0), (0.75, 0.75)])
def test_the_skew_is_how_far_the_wall_clock_is_ahead(set_by_s: float, skew_s: float) -> None:
    time = FakeTime()
    real = clock(time)

    time.wall_s += set_by_s
    time.pass_(5.0)

    assert real.skew_s() == pytest.approx(skew_s, abs=1e-6)


def test_to_ask_for_the_skew_changes_no_time() -> None:
    time = FakeTime()
    real = clock(time)
    time.wall_s += 3600

    skews = [real.skew_s(), real.skew_s()]
    real.now()  # it follows

    assert skews == [3600.0, 3600.0]
    assert (real.now(), real.skew_s()) == (NOW + 3_600_000, 0.0)


def test_at_another_speed_there_is_no_skew() -> None:
    time = FakeTime()
    fast = clock(time, speed=60.0, first=0)

    time.pass_(10.0)

    assert fast.skew_s() == 0.0


def test_at_another_speed_the_wall_clock_means_nothing() -> None:
    time = FakeTime()
    fast = clock(time, speed=60.0, first=0)

    time.wall_s += 3600

    assert fast.now() == 0


def test_instants_come_one_by_one_as_they_become_due() -> None:
    time = FakeTime()

    due = [
        (block.tolist(), time.wall_s - NOW / 1000)
        for block in blocks(
            clock(time), first=NOW + 500, end=NOW + 2500, interval_ms=1000, most=100, stop=FakeStop(time)
        )
    ]

    assert due == [([NOW + 500], 0.5), ([NOW + 1500], 1.5)]


def test_what_is_overdue_comes_in_blocks_of_at_most_so_many() -> None:
    time = FakeTime()

    made = blocks(clock(time), first=NOW - 9000, end=NOW + 1, interval_ms=1000, most=4, stop=FakeStop(time))

    assert [block.size for block in made] == [4, 4, 2]


def test_nothing_is_left_to_do_where_the_end_has_passed() -> None:
    time = FakeTime()

    assert list(blocks(clock(time), first=NOW, end=NOW, interval_ms=1000, most=4, stop=FakeStop(time))) == []


def test_who_is_asked_to_stop_makes_no_more() -> None:
    time = FakeTime()
    stop = FakeStop(time, waits=3)

    made = list(blocks(clock(time), first=NOW + 1000, end=None, interval_ms=1000, most=4, stop=stop))

    assert [block.tolist() for block in made] == [[NOW + 1000], [NOW + 2000]]


def test_a_wait_is_never_longer_than_a_second_so_that_the_loop_shows_that_it_lives() -> None:
    time = FakeTime()
    stop = FakeStop(time, waits=1)

    list(blocks(clock(time), first=NOW + 3_600_000, end=None, interval_ms=3_600_000, most=1, stop=stop))

    assert time.wall_s == NOW / 1000 + 1.0


@given(
    speed=st.sampled_from([0.0, 0.5, 1.0, 60.0, 1e6]),
    offset=st.integers(-5000, 5000),
    interval_ms=st.integers(10, 2000),
    count=st.integers(0, 60),
    most=st.integers(1, 20),
    late_s=st.floats(0, 3),
)
def test_every_instant_comes_once_in_order_and_never_too_early(
    speed: float, offset: int, interval_ms: int, count: int, most: int, late_s: float
) -> None:
    time = FakeTime()
    first = NOW + offset
    end = first + count * interval_ms
    simulated = clock(time, speed=speed, first=first)

    made = []
    for block in blocks(
        simulated, first=first, end=end, interval_ms=interval_ms, most=most, stop=FakeStop(time, late_s=late_s)
    ):
        assert 1 <= block.size <= most
        assert block[-1] <= simulated.now()
        made.append(block.tolist())

    assert list(itertools.chain(*made)) == list(range(first, end, interval_ms))
