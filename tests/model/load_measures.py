"""The statistics of loads, numbers 16 to 27 of the table: from arrays of power, to be held against thresholds."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tests.model import series
from tests.model.standard_profiles import ProfileName, day_type, season, standard_power
from tests.model.verdicts import Measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cells = dict[tuple[str, str], Floats]  # by season and type of day
GROUPS = (1, 2, 5, 10, 20, 50, 100)


def local_hours(instants: Ints, timezone: str) -> Floats:
    """Hours since local midnight of instants [ms since 1970]."""
    local = _local(instants, timezone)
    return np.asarray(local.hour + local.minute / 60 + local.second / 3600, dtype=np.float64)


def of_years(load: Floats, instants: Ints, timezone: str, *, annual_kwh: float) -> Measures:
    """Number 16, from homes (rows) over a year."""
    months = np.asarray(_local(instants, timezone).month)
    profile = standard_power("H0", instants, timezone) * annual_kwh / 1000
    by_month = [load[:, months == month].mean(axis=1) / profile[months == month].mean() for month in range(1, 13)]
    return {"annual_energy": load.mean(axis=1) / profile.mean(), "monthly_energy": np.ravel(by_month)}


def mean_days(load: Floats, instants: Ints, timezone: str) -> Cells:
    """The mean load per home [W] at the times of a day, of each season and type of day there is."""
    local = _local(instants, timezone)
    dates, positions = np.unique(local.date, return_inverse=True)
    cells = [(season(day), day_type(day)) for day in map(pd.Timestamp, dates)]
    here = {cell: np.array([other == cell for other in cells])[positions] for cell in cells}
    mean = load.mean(axis=0)
    return {cell: _by_time_of_day(mean[chosen], local[chosen]) for cell, chosen in here.items()}


def profile_days(name: ProfileName, instants: Ints, timezone: str, *, annual_kwh: float) -> Cells:
    """The same of a standard profile, for homes that use so much a year."""
    power = standard_power(name, instants, timezone) * annual_kwh / 1000
    return mean_days(power[np.newaxis], instants, timezone)


def against_profile(days: Cells, profile: Cells) -> Measures:
    """Number 17, from the mean days of 1000 homes and those of their profile."""
    return {
        "profile_r": np.array([series.correlation(days[cell], profile[cell]) for cell in days]),
        "profile_mape": np.array([series.relative_error(days[cell], profile[cell]) for cell in days]),
    }


def against_other_profile(days: Cells, profile: Cells) -> Measures:
    """Number 18, from the mean days of 1000 homes and those of the profile that is not theirs."""
    return {"other_profile_r": np.array([series.correlation(days[cell], profile[cell]) for cell in days])}


def of_days(days: Cells) -> Measures:
    """Numbers 25 to 27, from the mean days of 1000 homes."""
    hourly = {cell: day.reshape(24, -1).mean(axis=1) for cell, day in days.items()}
    workdays = [hour for (_, kind), hour in hourly.items() if kind == "workday"]
    noon = {kind: hourly["winter", kind][11:14].mean() for kind in ("sunday", "workday")}
    winter, summer = (
        np.mean([hourly[key].mean() for key in hourly if key[0] == name]) for name in ("winter", "summer")
    )
    return {
        "evening_peak": np.array([day[17:21].max() / day.mean() for day in workdays]),
        "sunday_noon": np.array([noon["sunday"] / noon["workday"]]),
        "winter_summer": np.array([winter / summer]),
    }


def of_nights(load: Floats, hours: Floats) -> Measures:
    """Number 19, from homes (rows) over a year, and the local hours of the instants."""
    night = (hours >= 2) & (hours < 4)
    return {"night_share": np.median(load[:, night], axis=1) / load.mean(axis=1)}


def of_fridges(load: Floats, hours: Floats) -> Measures:
    """Number 20, from homes (rows) over weeks at a minute, and the local hours of the instants."""
    night = (hours >= 2) & (hours < 5)
    windows = load[:, night].reshape(len(load), -1, 180)
    periods = np.array([series.dominant_period(home, 1.0) for home in windows])
    return {"fridges_seen": np.array([np.mean((periods >= 30) & (periods <= 70))])}


def of_one_home(load: Floats, interval_s: float) -> Measures:
    """Numbers 21 to 23, from one home at 2 s."""
    changes = np.abs(series.steps(load, round(2 / interval_s)))
    minutes = series.means(load, round(60 / interval_s))
    mean = load.mean()
    return {
        "median_share": np.array([np.median(load) / mean]),
        "q99_share": np.quantile(load, [0.99]) / mean,
        "greatest_load": np.array([load.max() / 1000]),
        "small_steps": np.array([np.mean(changes > 10)]),
        "big_steps": np.array([np.mean(changes > 500)]),
        "load_lag_1min": np.array([series.autocorrelation(minutes, 1)]),
        "load_lag_15min": np.array([series.autocorrelation(minutes, 15)]),
    }


def coincidences(load: Floats) -> Floats:
    """Coincidence factor of 15-min means for each of GROUPS, from 100 homes (rows) at a minute."""
    quarters = series.means(load, 15)
    return np.array([series.coincidence(quarters, size) for size in GROUPS])


def of_groups(factors: Floats) -> Measures:
    """Number 24, from the coincidence factors of GROUPS."""
    return {
        "coincidence_10": factors[[GROUPS.index(10)]],
        "coincidence_100": factors[[GROUPS.index(100)]],
        "coincidence_falls": np.array([series.steps(factors).max()]),
    }


def _local(instants: Ints, timezone: str) -> pd.DatetimeIndex:
    return pd.to_datetime(instants, unit="ms", utc=True).tz_convert(timezone)


def _by_time_of_day(values: Floats, local: pd.DatetimeIndex) -> Floats:
    times = np.asarray(local.hour * 60 + local.minute)
    return np.array([values[times == time].mean() for time in np.unique(times)])
