"""BDEW's standard load profiles H0 and H25 as their rules say, apart from how the meter computes them."""

from importlib.resources import files
from io import StringIO
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ProfileName = Literal["H0", "H25"]
SEASONS = ("winter", "summer", "transition")
DAY_TYPES = ("workday", "saturday", "sunday")


def standard_power(name: ProfileName, instants: Ints, timezone: str) -> Floats:
    """Mean power [W] of a home of 1000 kWh a year at instants [ms since 1970] of one year; holidays are not known."""
    local = pd.to_datetime(instants, unit="ms", utc=True).tz_convert(timezone)
    year = pd.date_range(f"{local[-1].year}-01-01", f"{local[-1].year}-12-31")
    table = pd.read_csv(StringIO(files("meter").joinpath(f"data/{name.lower()}.csv").read_text())).set_index("quarter")
    column = season if name == "H0" else month
    days = np.array([table[f"{column(day)}_{day_type(day)}"] * dynamics(day.day_of_year) for day in year])
    days *= 1000 / (days.sum() / 4 / 1000)  # quarter hours of W to kWh
    return np.asarray(days[local.day_of_year - 1, local.hour * 4 + local.minute // 15])


def season(day: pd.Timestamp) -> str:
    """Winter is 1 November to 20 March, summer 15 May to 14 September."""
    month_and_day = 100 * day.month + day.day
    if 321 <= month_and_day <= 514 or 915 <= month_and_day <= 1031:
        return "transition"
    return "summer" if 515 <= month_and_day <= 914 else "winter"


def month(day: pd.Timestamp) -> str:
    """01 to 12."""
    return f"{day.month:02}"


def day_type(day: pd.Timestamp) -> str:
    """Of BDEW's three."""
    return DAY_TYPES[max(0, day.weekday() - 4)]


def dynamics(day: int) -> float:
    """BDEW's polynomial in the day of the year, 1 to 366."""
    return -3.92e-10 * day**4 + 3.2e-7 * day**3 - 7.02e-5 * day**2 + 2.1e-3 * day + 1.24
