"""What a believable simulation has to reach: the one table that tests, report and docs/model.md share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

ALL = 1.0  # of what is counted


class Threshold(NamedTuple):
    """A statistic, and the range all its values have to be in, both ends included."""

    number: int  # of the test that it belongs to
    statistic: str
    low: float
    high: float

    def holds(self, values: ArrayLike) -> bool:
        """Whether there is a value, and none is outside."""
        array = np.asarray(values, dtype=np.float64)
        return array.size > 0 and bool(((array >= self.low) & (array <= self.high)).all())

    @property
    def range(self) -> str:
        """The range as a person reads it."""
        if self.low == self.high:
            return f"{self.low:g}"
        if np.isinf(self.low):
            return f"≤ {self.high:g}"
        return f"≥ {self.low:g}" if np.isinf(self.high) else f"{self.low:g} to {self.high:g}"


ANY = float("inf")

THRESHOLDS = {
    "lines_that_fit": Threshold(1, "share of lines that fit the journal's schema", ALL, ALL),
    "instants_in_line": Threshold(1, "share of instants that follow one interval after that before", ALL, ALL),
    "exact_sums": Threshold(2, "share of lines whose total and net power are exact", ALL, ALL),
    "dark_is_zero": Threshold(3, "share of instants without sun (pvlib: zenith ≥ 90°) at which PV is 0", ALL, ALL),
    "pv_in_range": Threshold(4, "share of PV between 0 and the inverter's rating", ALL, ALL),
    "load_in_range": Threshold(4, "share of loads between 0 and 9000 W", ALL, ALL),
    "pvlib_error": Threshold(5, "clear sky: greatest difference from pvlib's chain / rating", -ANY, 0.005),
    "daily_clearness": Threshold(6, "flat modules: PV energy of a day / that of a clear day", 0.02, 1.12),
    "monthly_clearness_error": Threshold(
        6, "the same, mean of a month (five seeds) − the place's clearness", -0.12, 0.12
    ),
    "yield_munich": Threshold(7, "annual yield in Munich, mean of five seeds [kWh/kWp]", 930, 1130),
    "yield_berlin": Threshold(7, "annual yield in Berlin, mean of five seeds [kWh/kWp]", 870, 1050),
    "centre_of_day": Threshold(8, "middle of the PV energy of 30 days − solar noon [min]", -30, 30),
    "ramp_2s_q50": Threshold(9, "PV change in 2 s / rating by day, median", -ANY, 0.01),
    "ramp_2s_q99": Threshold(9, "the same, 99 % quantile", 0.01, 0.15),
    "ramp_2s_max": Threshold(9, "the same, maximum", -ANY, 0.5),
    "ramp_60s_q99": Threshold(10, "PV change in 60 s / rating by day, 99 % quantile", 0.15, 0.75),
    "clearness_lag_10min": Threshold(11, "10-min means of PV / clear PV: autocorrelation at 10 min", 0.85, 0.96),
    "clearness_lag_60min": Threshold(11, "the same at 60 min", 0.60, 0.85),
    "daily_spread": Threshold(12, "energy of days / of clear days: standard deviation over a year", 0.20, 0.38),
    "daily_memory": Threshold(12, "the same: correlation with the day before", 0.2, 0.65),
    "variability_q5": Threshold(13, "variability index of the days of a year, 1-min means: 5 % quantile", -ANY, 4),
    "variability_q95": Threshold(13, "the same, 95 % quantile", 12, 60),
    "share_dull": Threshold(14, "share of clearness 0.1 to 0.4", 0.15, ANY),
    "share_bright": Threshold(14, "share of clearness 0.9 to 1.2", 0.15, ANY),
    "share_between": Threshold(14, "share of clearness 0.6 to 0.9", -ANY, 0.30),
    "near_correlation": Threshold(15, "correlation of 60-s PV changes, homes within 200 m", 0.4, ANY),
    "far_correlation": Threshold(15, "the same, more than 200 km apart", -ANY, 0.1),
    "annual_energy": Threshold(16, "energy of a home in a year / configured", 0.95, 1.05),
    "monthly_energy": Threshold(16, "energy of a home in a month / the profile's", 0.80, 1.20),
    "profile_r": Threshold(17, "1000 homes against their profile, each season and type of day: correlation", 0.97, ANY),
    "profile_mape": Threshold(17, "the same: mean absolute error / profile", -ANY, 0.08),
    "other_profile_r": Threshold(18, "1000 homes against the other profile: correlation", 0.80, ANY),
    "night_share": Threshold(19, "median load of 2 to 4 h / mean load, each home", 0.12, 0.50),
    "fridges_seen": Threshold(20, "share of homes whose nights repeat every 30 to 70 min", 0.80, ANY),
    "median_share": Threshold(21, "one home at 2 s: median / mean", 0.35, 0.70),
    "q99_share": Threshold(21, "one home at 2 s: 99 % quantile / mean", 5, 15),
    "greatest_load": Threshold(21, "one home at 2 s: maximum [kW]", 3, 9),
    "small_steps": Threshold(22, "share of 2-s steps over 10 W", 0.005, 0.10),
    "big_steps": Threshold(22, "share of 2-s steps over 500 W", 0.0005, 0.015),
    "load_lag_1min": Threshold(23, "autocorrelation of 1-min means at 1 min", 0.80, 0.97),
    "load_lag_15min": Threshold(23, "the same at 15 min", 0.15, 0.75),
    "coincidence_10": Threshold(24, "coincidence factor of 10 homes (15-min means)", 0.28, 0.50),
    "coincidence_100": Threshold(24, "coincidence factor of 100 homes", 0.12, 0.34),
    "coincidence_falls": Threshold(24, "greatest rise of it from a number of homes to the next", -ANY, 0.0),
    "evening_peak": Threshold(25, "1000 homes, workday: greatest hour of 17 to 21 h / mean", 1.25, 1.9),
    "sunday_noon": Threshold(26, "1000 homes, winter: Sunday noon (11 to 14 h) / workday noon", 1.3, 1.9),
    "winter_summer": Threshold(27, "1000 homes: energy of a winter day / of a summer day", 1.2, 1.5),
    "replayed": Threshold(28, "share of lines that another run of the same simulation repeats", ALL, ALL),
    "equal_in_two_seeds": Threshold(29, "share of loads that are equal in two seeds", -ANY, 0.1),
    "spring_hours": Threshold(30, "hours of 2026-03-29 in Berlin", 23, 23),
    "autumn_hours": Threshold(30, "hours of 2026-10-25 in Berlin", 25, 25),
    "repeated_runs": Threshold(30, "share of switchings that come again in the repeated hour", -ANY, 0.1),
    "whole_watts": Threshold(31, "share of loads that are whole watts", ALL, ALL),
}
