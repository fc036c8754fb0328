"""The statistics of PV, numbers 6 and 8 to 15 of the table: from arrays of power, to be held against thresholds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tests.model import series
from tests.model.judge import Verdict
from tests.model.verdicts import Measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAY_MS = 86_400_000
HIGH_SUN = 80.0  # [degrees of zenith]: lower, the clear day's power is too small to divide by
GHI_OF_RATING = 1000.0  # [W/m2]


def clearness(pv: Floats, said: Verdict) -> Floats:
    """PV / PV of a clear sky while the sun is high, else NaN."""
    high = (said.zenith < HIGH_SUN) & (said.power > 0)
    return np.where(high, pv / np.where(high, said.power, 1.0), np.nan)


def daily_clearness(pv: Floats, clear: Floats, instants: Ints) -> Floats:
    """Energy of each UTC day / energy of the clear day."""
    days = (instants - instants[0]) // DAY_MS
    return np.asarray(np.bincount(days, pv) / np.bincount(days, clear))


def of_clearness(daily: Floats, months: Ints, expected: Sequence[float]) -> Measures:
    """Number 12, and what 6 says of months, from the daily clearness of years of the same days (rows).

    `months` are the days' (1 to 12), `expected` is the place's clearness of each month.
    """
    by_month = [daily[:, months == month].mean() - mean for month, mean in enumerate(expected, 1)]
    return {
        "monthly_clearness_error": np.array(by_month),
        "daily_spread": daily.std(axis=1),
        "daily_memory": np.array([series.autocorrelation(year, 1) for year in daily]),
    }


def of_30_days(pv: Floats, said: Verdict, *, rating: float, interval_s: float) -> Measures:
    """Numbers 9 to 11 and 14, from one plant at 2 s."""
    by_day = np.where(said.zenith < 90, pv, np.nan)
    ramps, minute_ramps = (_ramps(by_day, round(lag_s / interval_s)) / rating for lag_s in (2, 60))
    kc = clearness(pv, said)
    slow_kc = clearness(*ten_minute_means(pv, said, interval_s))
    return {
        "ramp_2s_q50": np.quantile(ramps, [0.5]),
        "ramp_2s_q99": np.quantile(ramps, [0.99]),
        "ramp_2s_max": np.array([ramps.max()]),
        "ramp_60s_q99": np.quantile(minute_ramps, [0.99]),
        "clearness_lag_10min": np.array([series.autocorrelation(slow_kc, 1)]),
        "clearness_lag_60min": np.array([series.autocorrelation(slow_kc, 6)]),
        "share_dull": share(kc, 0.1, 0.4),
        "share_bright": share(kc, 0.9, 1.2),
        "share_between": share(kc, 0.6, 0.9),
    }


def ten_minute_means(pv: Floats, said: Verdict, interval_s: float) -> tuple[Floats, Verdict]:
    """The same as means of ten minutes, in which weather services publish irradiance."""
    count = round(600 / interval_s)
    return series.means(pv, count), Verdict(*(series.means(values, count) for values in said))


def centre_of_day(pv: Floats, instants: Ints, solar_noon_h: float) -> Measures:
    """Number 8: the energy-weighted mean time of day, minutes after solar noon [h UTC]."""
    hours = (instants % DAY_MS) / 3_600_000
    return {"centre_of_day": np.array([60 * (np.average(hours, weights=pv) - solar_noon_h)])}


def of_days_at_a_minute(pv: Floats, clear: Floats, *, rating: float) -> Measures:
    """Number 13, from days of 1440 minutes."""
    scale = GHI_OF_RATING / rating
    days = zip((pv * scale).reshape(-1, 1440), (clear * scale).reshape(-1, 1440), strict=True)
    indexes = np.array([series.variability_index(day[sun > 0], sun[sun > 0], 1.0) for day, sun in days])
    return {"variability_q5": np.quantile(indexes, [0.05]), "variability_q95": np.quantile(indexes, [0.95])}


def of_pairs(near: tuple[Floats, Floats], far: tuple[Floats, Floats]) -> Measures:
    """Number 15, from the powers of pairs of plants at 60 s, NaN where the sun is not up for both."""
    changes = [(series.steps(one), series.steps(other)) for one, other in (near, far)]
    return {
        name: np.array([series.correlation(*pair)])
        for name, pair in zip(("near_correlation", "far_correlation"), changes, strict=True)
    }


def share(kc: Floats, low: float, high: float) -> Floats:
    """Share of the clearness that is between low and high."""
    known = kc[np.isfinite(kc)]
    return np.array([np.mean((known >= low) & (known < high))])


def _ramps(by_day: Floats, lag: int) -> Floats:
    ramps = np.abs(series.steps(by_day, lag))
    return np.asarray(ramps[np.isfinite(ramps)])
