"""Which instants a meter publishes, and when: where a run begins, where it resumes, how it is paced."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from pvsim_common.broker.position import Position
from pvsim_common.service import Stop

_TOLERATED_LEAD_MS = 60_000  # a wall clock set back by less is waited for
_JUMP_MS = 1000  # a wall clock further ahead than this has been set, or the machine slept


class Plan(NamedTuple):
    """What a meter has to do: the run with its last published instant, and how many instants are skipped."""

    run: Position
    skipped: int

    def first(self, interval_ms: int) -> int:
        """The next instant to publish [ms since 1970]."""
        return self.run.instant + interval_ms


def plan(
    positions: Mapping[int, Position],
    *,
    shard: int,
    shards: int,
    start: str,
    start_instant: int,
    interval_s: float,
    now: int,
    real_time: bool,
    catch_up_limit_s: float,
) -> Plan:
    """Where a meter goes on, given the positions of all shards of now and before.

    Its own position of the same run (same start and interval); else, where the number of shards has changed, the oldest
    instant of all; else the run's start. In real time, what is older than the catch-up limit is skipped.
    """
    interval_ms = round(interval_s * 1000)
    same_run = {n: p for n, p in positions.items() if (p.start, p.interval_s) == (start, interval_s)}
    same_shards = [position for position in same_run.values() if position.shards == shards]
    own = same_run.get(shard)
    if own is not None and own.shards == shards:
        run = own
    elif same_shards:  # another shard was first to begin with this number of shards
        run = msgspec.structs.replace(same_shards[0], instant=same_shards[0].since - interval_ms)
    elif same_run:
        oldest = _oldest(same_run, interval_ms)
        run = msgspec.structs.replace(oldest, shards=shards, since=oldest.instant + interval_ms)
    else:
        first = _next_multiple(start_instant, interval_ms)
        run = Position(first - interval_ms, start, interval_s, shards, origin=first, since=first)
    return _kept_near_now(run, interval_ms, now, catch_up_limit_s) if real_time else Plan(run, 0)


def _oldest(positions: Mapping[int, Position], interval_ms: int) -> Position:
    """The position furthest behind, where a shard that has not begun with its fellows' number is where they began."""
    begun = [
        msgspec.structs.replace(position, instant=position.since - interval_ms)
        for position in positions.values()
        if any(n not in positions or positions[n].shards != position.shards for n in range(position.shards))
    ]
    return min([*positions.values(), *begun], key=lambda position: position.instant)


def _kept_near_now(run: Position, interval_ms: int, now: int, catch_up_limit_s: float) -> Plan:
    last = run.instant
    if last > now + _TOLERATED_LEAD_MS and last >= run.origin:  # it ran faster than real time before
        return Plan(msgspec.structs.replace(run, instant=_next_multiple(now, interval_ms) - interval_ms), 0)
    oldest = _next_multiple(now - round(catch_up_limit_s * 1000), interval_ms) - interval_ms
    if run.start == "now" and last < oldest:
        return Plan(msgspec.structs.replace(run, instant=oldest), (oldest - last) // interval_ms)
    return Plan(run, 0)


def _next_multiple(instant: int, interval_ms: int) -> int:
    return -(-instant // interval_ms) * interval_ms


class Clock:
    """Simulated time: it never goes back, follows the monotonic clock, and a wall clock that runs ahead of it."""

    def __init__(
        self,
        *,
        speed: float,
        first: int,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin at the first instant [ms]; at speed 1 simulated time is the wall clock's."""
        self._speed = speed
        self._wall, self._monotonic = wall, monotonic
        self._real_time = speed == 1
        self._anchor = wall() * 1000 if self._real_time else float(first)
        self._since = monotonic()

    def now(self) -> float:
        """Simulated time [ms since 1970]; infinite at speed 0."""
        if self._speed == 0:
            return float("inf")
        now = self._paced()
        ahead = self._wall() * 1000 - now
        if self._real_time and ahead > _JUMP_MS:
            self._anchor += ahead
            now += ahead
        return now

    def skew_s(self) -> float:
        """How far the wall clock is ahead of simulated time [s]: negative where it was set back, 0 but at speed 1."""
        return self._wall() - self._paced() / 1000 if self._real_time else 0.0

    def seconds_until(self, instant: int) -> float:
        """Real time left until an instant [s]."""
        return (instant - self.now()) / 1000 / self._speed if self._speed else 0.0

    def _paced(self) -> float:
        return self._anchor + (self._monotonic() - self._since) * 1000 * self._speed


def blocks(
    clock: Clock, *, first: int, end: int | None, interval_ms: int, most: int, stop: Stop
) -> Iterator[NDArray[np.int64]]:
    """Instants [ms] that are due, as they become due, up to so many at once; until the end or until asked to stop."""
    instant = first
    while not stop.is_set() and (end is None or instant < end):
        wait_s = clock.seconds_until(instant)
        if wait_s > 0:
            stop.wait(min(wait_s, 1.0))
            continue
        due = min(clock.now(), instant + (most - 1) * interval_ms, float("inf") if end is None else end - 1)
        block = np.arange(instant, int(due) + 1, interval_ms, dtype=np.int64)
        yield block
        instant = int(block[-1]) + interval_ms
