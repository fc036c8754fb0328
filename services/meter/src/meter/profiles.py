"""Standard load profiles: the mean power of a home at each local quarter hour of the year."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

QUARTER_MS = 900_000
_MEMORY = 4096  # quarter hours, and years, whose values are kept
_COEFFICIENTS = (-3.92e-10, 3.2e-7, -7.02e-5, 2.1e-3, 1.24)  # of BDEW's polynomial in the day of the year


class Profile:
    """BDEW's standard load profile H0, dynamised: mean power of a home that uses 1000 kWh a year.

    The table holds 96 quarter hours [W] for each "<season>_<day type>". Source: VDEW, Repraesentative VDEW-Lastprofile
    (1999); dynamisation: the polynomial of the same source, after which each year is scaled to exactly 1000 kWh.
    """

    def __init__(self, table: Mapping[str, NDArray[np.float64]], timezone: tzinfo) -> None:
        self._table = table
        self._timezone = timezone
        self._quarters: dict[int, float] = {}
        self._scales: dict[int, float] = {}

    def mean_power(self, instants: NDArray[np.int64]) -> NDArray[np.float64]:
        """Mean power [W] at each instant [ms since 1970] of a home of 1000 kWh a year."""
        quarters, positions = np.unique(instants // QUARTER_MS, return_inverse=True)
        return np.array([self._quarter(quarter) for quarter in quarters.tolist()])[positions]

    def _quarter(self, quarter: int) -> float:
        """Mean power of a quarter hour, counted since 1970 in UTC: every offset in use is a multiple of it."""
        power = self._quarters.get(quarter)
        if power is None:
            local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=quarter * QUARTER_MS)).astimezone(
                self._timezone
            )
            day = local.date()
            column = self._table[f"{season(day)}_{day_type(day)}"]
            power = float(column[local.hour * 4 + local.minute // 15]) * dynamic_factor(day) * self._scale(day.year)
            _remember(self._quarters, quarter, power)
        return power

    def _scale(self, year: int) -> float:
        """The factor that makes a year's energy exactly 1000 kWh."""
        scale = self._scales.get(year)
        if scale is None:
            first = date(year, 1, 1)
            days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
            energies = [self._table[f"{season(d)}_{day_type(d)}"].sum() / 4000 * dynamic_factor(d) for d in days]
            scale = 1000.0 / float(sum(energies))
            _remember(self._scales, year, scale)
        return scale


def season(day: date) -> str:
    """BDEW's season of a day: winter 1 Nov to 20 Mar, summer 15 May to 14 Sep, transition between."""
    when = (day.month, day.day)
    if when >= (11, 1) or when <= (3, 20):
        return "winter"
    return "summer" if (5, 15) <= when <= (9, 14) else "transition"


def day_type(day: date) -> str:
    """workday, saturday or sunday."""
    return {5: "saturday", 6: "sunday"}.get(day.weekday(), "workday")


def dynamic_factor(day: date) -> float:
    """BDEW's factor of a day of the year, 1 to 366: about 1.24 in winter, 0.76 in summer."""
    return float(np.polyval(_COEFFICIENTS, day.timetuple().tm_yday))


def parse_table(lines: Iterable[str]) -> dict[str, NDArray[np.float64]]:
    """The columns of a profile's CSV file, without that of the quarter hours, which stand in order."""
    rows = [line.strip().split(",") for line in lines if line.strip()]
    values = np.array([[float(value) for value in row[1:]] for row in rows[1:]])
    return dict(zip(rows[0][1:], values.T, strict=True))


def _remember(memory: dict[int, float], key: int, value: float) -> None:
    if len(memory) >= _MEMORY:
        memory.clear()
    memory[key] = value
