"""Standard load profiles: the mean power of a home at each local quarter hour of the year."""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, timedelta, tzinfo
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from meter.walltime import QUARTER_MS, Ints, WallClock, by_quarter

__all__ = ["QUARTER_MS", "Profile", "day_type", "dynamic_factor", "month", "parse_table", "season"]

_EPOCH = date(1970, 1, 1).toordinal()
_COEFFICIENTS = (-3.92e-10, 3.2e-7, -7.02e-5, 2.1e-3, 1.24)  # of BDEW's polynomial in the day of the year
_DAYS_KEPT, _YEARS_KEPT = 1024, 64
_NO_HOLIDAYS: frozenset[date] = frozenset()

Floats = NDArray[np.float64]


class Profile:
    """A dynamised standard load profile of BDEW: mean power of a home that uses 1000 kWh a year.

    The table holds 96 quarter hours [W] for each "<period>_<day type>"; `period_of` says a day's period: `season` for
    H0 (VDEW, Repraesentative VDEW-Lastprofile, 1999), `month` for H25 (BDEW, 2025). Both are dynamised by the 1999
    source's polynomial, after which each year is scaled to exactly 1000 kWh. Public holidays are Sundays. Where it is
    `southern`, a day has the season of the day half a year away.
    """

    def __init__(
        self,
        table: Mapping[str, Floats],
        timezone: tzinfo,
        *,
        period_of: Callable[[date], str] | None = None,
        holidays: Container[date] = _NO_HOLIDAYS,
        southern: bool = False,
    ) -> None:
        self.clock = WallClock(timezone)
        self._table = table
        self._period_of = period_of or season
        self._holidays = holidays
        self._southern = southern
        self.of_day = lru_cache(_DAYS_KEPT)(self._of_day)
        self._scale = lru_cache(_YEARS_KEPT)(self._scale_of_year)

    def mean_power(self, instants: Ints) -> Floats:
        """Mean power [W] at each instant [ms since 1970] of a home of 1000 kWh a year."""
        return by_quarter(self.clock.local(instants), self.of_day)

    def typical_day(self) -> Floats:
        """The mean of the table's days: 96 quarter hours [W]."""
        return np.asarray(np.mean(list(self._table.values()), axis=0))

    def _of_day(self, number: int) -> Floats:
        """Mean power [W] in the 96 quarter hours of a local day, counted since 1970-01-01."""
        day = date.fromordinal(_EPOCH + number)
        return self._undynamised(day) * (self._factor(day) * self._scale(day.year))

    def _undynamised(self, day: date) -> Floats:
        return self._table[f"{self._period_of(self._seasonal(day))}_{day_type(day, self._holidays)}"]

    def _factor(self, day: date) -> float:
        return dynamic_factor(self._seasonal(day))

    def _seasonal(self, day: date) -> date:
        return half_a_year_away(day) if self._southern else day

    def _scale_of_year(self, year: int) -> float:
        """The factor that makes a year's energy exactly 1000 kWh."""
        energies = [float(self._undynamised(day).sum()) / 4000 * self._factor(day) for day in days_of(year)]
        return 1000.0 / sum(energies)


def season(day: date) -> str:
    """The season of a day in H0: winter 1 Nov to 20 Mar, summer 15 May to 14 Sep, transition between."""
    when = (day.month, day.day)
    if when >= (11, 1) or when <= (3, 20):
        return "winter"
    return "summer" if (5, 15) <= when <= (9, 14) else "transition"


def month(day: date) -> str:
    """The month of a day as H25 names it: 01 to 12."""
    return f"{day.month:02d}"


def day_type(day: date, holidays: Container[date] = _NO_HOLIDAYS) -> str:
    """workday, saturday or sunday, which a public holiday is too."""
    if day in holidays:
        return "sunday"
    return {5: "saturday", 6: "sunday"}.get(day.weekday(), "workday")


def dynamic_factor(day: date) -> float:
    """BDEW's factor of a day of the year, 1 to 366: about 1.24 in winter, 0.76 in summer."""
    return float(np.polyval(_COEFFICIENTS, day.timetuple().tm_yday))


def half_a_year_away(day: date) -> date:
    """The day of the same year that has the opposite season."""
    first = date(day.year, 1, 1)
    length = (date(day.year + 1, 1, 1) - first).days
    return first + timedelta(days=((day - first).days + length // 2) % length)


def days_of(year: int) -> list[date]:
    """The 365 or 366 days of a year."""
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(number) for number in range(first, date(year + 1, 1, 1).toordinal())]


def parse_table(lines: Iterable[str]) -> dict[str, Floats]:
    """The columns of a profile's CSV file, without that of the quarter hours, which stand in order."""
    rows = [line.strip().split(",") for line in lines if line.strip()]
    values = np.array([[float(value) for value in row[1:]] for row in rows[1:]])
    return dict(zip(rows[0][1:], values.T, strict=True))
