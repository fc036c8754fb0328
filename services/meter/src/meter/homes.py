"""What makes a home one of its own: its size, its hours, its vacations, drawn from its name and the seed."""

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from meter.walltime import QUARTERS, Ints
from pvsim_common.randomness import site_ids, uniforms

NOMINAL_KWH = 3500.0
BLOCK_QUARTERS = 8  # a home keeps to a habit for two hours
_MEDIAN_KWH = 3160.0
_SIGMA = 0.452  # of the logarithm: gives the mean of 3500 kWh
_SHIFT_MS = 2_520_000  # 0.7 h
_TRIP_DAYS = 3
_TRIP_CYCLES = (51, 74)  # days: 3 of them are 5.9 % to 4.1 %

Floats = NDArray[np.float64]
Ids = NDArray[np.uint64]


class Homes(NamedTuple):
    """Homes that are simulated together; each field has the shape [homes]."""

    ids: Ids
    annual_kwh: Floats  # [kWh/a]
    shift: Ints  # how much later than by the profile it lives [ms]
    phase: Ints  # where its blocks of habit begin [quarter hours], 0 to 7
    trip_days: Ints  # its vacation in every cycle [d]
    trip_cycle: Ints  # [d]

    def use(self, seed: int, blocks: Ints) -> Floats:
        """How much it uses its appliances in blocks of two local hours since 1970, in a row of [homes, blocks].

        The kilowatt hours of a year, times its habit of the block, 0.25 or more and 1 in the mean; nothing on vacation,
        made up for on all other days.
        """
        u = uniforms(seed, "meter/habit", self.ids[:, np.newaxis], blocks)
        habit = 0.25 - 0.75 * np.log1p(-u)
        here = self.annual_kwh * self.trip_cycle / (self.trip_cycle - self.trip_days)
        return habit * np.where(self._away(seed, blocks), 0.0, here[:, np.newaxis])

    def _away(self, seed: int, blocks: Ints) -> NDArray[np.bool_]:
        """Whether it is on vacation, which it is once in each of its cycles."""
        middle = blocks * BLOCK_QUARTERS + self.phase[:, np.newaxis] + BLOCK_QUARTERS // 2
        cycle, trip = self.trip_cycle[:, np.newaxis], self.trip_days[:, np.newaxis]
        number, day = np.divmod(middle // QUARTERS, cycle)
        u = uniforms(seed, "meter/vacation", self.ids[:, np.newaxis], number)
        begin = (u * (cycle - trip + 1)).astype(np.int64)
        return (day >= begin) & (day < begin + trip)


def homes_of(sites: Sequence[str], *, seed: int, variation: bool, annual_kwh: float) -> Homes:
    """The homes of these names; without variation they are of one size, live by the profile and never leave."""
    ids = site_ids(sites)
    zeros = np.zeros(len(ids), dtype=np.int64)
    phase = _whole(uniforms(seed, "meter/phase", ids), 0, BLOCK_QUARTERS - 1)
    if not variation:
        return Homes(ids, np.full(len(ids), annual_kwh), zeros, phase, zeros, zeros + 1)
    kwh = sizes(ids, seed) * (annual_kwh / NOMINAL_KWH)
    shift = _whole(uniforms(seed, "meter/shift", ids), -_SHIFT_MS, _SHIFT_MS)
    cycle = _whole(uniforms(seed, "meter/trips", ids), *_TRIP_CYCLES)
    return Homes(ids, kwh, shift, phase, zeros + _TRIP_DAYS, cycle)


def _whole(u: Floats, least: int, most: int) -> Ints:
    return least + (u * (most - least + 1)).astype(np.int64)


def sizes(ids: Ids, seed: int) -> Floats:
    """What each home uses in a year [kWh]: lognormal, median 3160, mean 3500, 5 to 95 % of them 1500 to 6600."""
    normal = NormalDist()
    u = np.clip(uniforms(seed, "meter/size", ids), 1e-9, 1 - 1e-9)
    sigmas = np.array([normal.inv_cdf(share) for share in u.ravel().tolist()]).reshape(u.shape)
    return _MEDIAN_KWH * np.exp(_SIGMA * sigmas)
