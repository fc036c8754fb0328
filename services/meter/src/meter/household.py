"""What homes consume: the standard load profile, scaled by each home's size and blurred by noise of its own."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from meter.profiles import Profile
from pvsim_common.randomness import site_ids, uniforms

MAX_POWER_W = 9000  # the range of the original challenge
NOMINAL_KWH = 3500.0
_MEDIAN_KWH = 3160.0
_SIGMA = 0.452  # of the logarithm: gives the mean of 3500 kWh
_MINUTE_MS = 60_000


class Households:
    """Homes by their names; every reading is a pure function of (seed, site, instant)."""

    def __init__(self, sites: Sequence[str], *, seed: int, profile: Profile, variation: bool) -> None:
        self._ids = site_ids(sites)[:, np.newaxis]
        self._seed = seed
        self._profile = profile
        self._annual_kwh = annual_kwh(self._ids, seed) if variation else np.full((len(sites), 1), NOMINAL_KWH)

    def power(self, instants: NDArray[np.int64]) -> NDArray[np.int64]:
        """Power [W] of each site (rows) at each instant [ms since 1970] (columns), 0 to 9000."""
        mean = self._profile.mean_power(instants) * self._annual_kwh / 1000
        habit = 0.4 + 1.2 * uniforms(self._seed, "meter/habit", self._ids, instants // _MINUTE_MS)
        jitter = 0.95 + 0.1 * uniforms(self._seed, "meter/jitter", self._ids, instants)
        return np.rint(np.clip(mean * habit * jitter, 0, MAX_POWER_W)).astype(np.int64)


def annual_kwh(ids: NDArray[np.uint64], seed: int) -> NDArray[np.float64]:
    """What each home uses in a year [kWh]: lognormal, median 3160, mean 3500."""
    normal = NormalDist()
    u = np.clip(uniforms(seed, "meter/size", ids), 1e-9, 1 - 1e-9)
    sigmas = np.array([normal.inv_cdf(share) for share in u.ravel().tolist()]).reshape(u.shape)
    return _MEDIAN_KWH * np.exp(_SIGMA * sigmas)
