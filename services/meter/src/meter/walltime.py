"""A time zone's wall clock in numbers: local times in milliseconds, and the instants that they mean."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

QUARTER_MS = 900_000
QUARTERS = 96  # of a day
DAY_MS = QUARTERS * QUARTER_MS
_DAYS_KEPT = 512  # more than any of the callers asks for at once, but for a year's profile

Ints = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)


class WallClock:
    """The wall clock of a zone: what it shows is a local time [ms], counted from when it showed 1970-01-01 00:00.

    Offsets are looked up once for each quarter hour: clocks change, and zones differ, by whole quarters.
    """

    def __init__(self, timezone: tzinfo) -> None:
        self._timezone = timezone
        self._offsets_of_local_day = lru_cache(_DAYS_KEPT)(self._look_up_local_day)
        self._offsets_of_utc_day = lru_cache(_DAYS_KEPT)(self._look_up_utc_day)

    def local(self, instants: Ints) -> Ints:
        """What the clock shows [ms] at each instant [ms since 1970]."""
        return instants + by_quarter(instants, self._offsets_of_utc_day)

    def instants(self, local: Ints) -> Ints:
        """The instant [ms since 1970] of each local time [ms], exactly one each.

        Where clocks go back, what they show twice is the first time; where they go forward, what they skip is as much
        later.
        """
        return local - by_quarter(local, self._offsets_of_local_day)

    def around(self, begin: int, end: int) -> tuple[int, int]:
        """Local times [ms] between which all lie whose instants are from begin to end [ms since 1970]."""
        near = np.array([begin - DAY_MS, begin, end, end + DAY_MS])
        offsets = self.local(near) - near
        return begin + int(offsets.min()), end + int(offsets.max())

    def _look_up_local_day(self, day: int) -> Ints:
        midnight = datetime(1970, 1, 1, tzinfo=self._timezone) + timedelta(days=day)  # adding is by the wall clock
        return self._milliseconds([midnight + timedelta(minutes=15 * quarter) for quarter in range(QUARTERS)])

    def _look_up_utc_day(self, day: int) -> Ints:
        midnight = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)
        times = [midnight + timedelta(minutes=15 * quarter) for quarter in range(QUARTERS)]
        return self._milliseconds([time.astimezone(self._timezone) for time in times])

    @staticmethod
    def _milliseconds(times: list[datetime]) -> Ints:
        offsets = [time.utcoffset() or timedelta() for time in times]
        return np.array([offset // timedelta(milliseconds=1) for offset in offsets])


def by_quarter(times: Ints, of_day: Callable[[int], NDArray[Number]]) -> NDArray[Number]:
    """What holds at each of the times [ms], from what each day since 1970 says of its 96 quarter hours."""
    days, where = np.unique(times // DAY_MS, return_inverse=True)
    table = np.stack([of_day(day) for day in days.tolist() or [0]])
    return table[where, times % DAY_MS // QUARTER_MS]
