"""What homes consume: appliances, base load, fridge and noise, whose mean is the standard load profile."""

from collections.abc import Sequence

import numpy as np

from meter.activity import Activity
from meter.group import MAX_POWER_W, Group
from meter.homes import NOMINAL_KWH, homes_of
from meter.profiles import Profile
from meter.walltime import DAY_MS, Ints

__all__ = ["MAX_POWER_W", "Households"]

_GROUP_HOMES = 1000
_MANY_HOMES = 20_000  # of more, not a day is compiled but an hour
_HOUR_MS = 3_600_000


class Households:
    """Homes by their names; every reading is a pure function of (seed, site, instant)."""

    def __init__(
        self,
        sites: Sequence[str],
        *,
        seed: int,
        profile: Profile,
        variation: bool,
        annual_kwh: float = NOMINAL_KWH,
    ) -> None:
        """Homes that use `annual_kwh` a year in the mean; without variation, each of them, at the profile's hours."""
        activity = Activity(profile)
        window_ms = DAY_MS if len(sites) <= _MANY_HOMES else _HOUR_MS
        self._sites = len(sites)
        self._groups = [
            Group(
                homes_of(sites[row : row + _GROUP_HOMES], seed=seed, variation=variation, annual_kwh=annual_kwh),
                activity,
                seed=seed,
                window_ms=window_ms,
                offset_ms=window_ms * row // len(sites),  # no two groups compile at the same time
            )
            for row in range(0, len(sites), _GROUP_HOMES)
        ]

    def power(self, instants: Ints) -> Ints:
        """Power [W] of each site (rows) at each instant [ms since 1970] (columns), 0 to 9000."""
        power = np.empty((self._sites, len(instants)), dtype=np.int64)
        for number, group in enumerate(self._groups):
            group.power(instants, power[number * _GROUP_HOMES : (number + 1) * _GROUP_HOMES])
        return power
