"""How often appliances are expected to run, so that their mean power is what the profile leaves for them."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from meter.appliances import APPLIANCES, shares_by_hour
from meter.profiles import Profile
from meter.walltime import Ints, WallClock

ALWAYS_ON = 0.0275  # mean power of base load and fridge together [W per kWh/a]
UNIT = 2.0**-44  # of expected runs: whole numbers have the same sums wherever one begins to add
_DAYS_KEPT = 64

Floats = NDArray[np.float64]


class Activity:
    """Expected runs of each appliance in each quarter hour, of a home of 1 kWh a year that is used to nothing else.

    A run is counted at its middle: then the mean power is the profile's, smoothed by the duration (Campbell's theorem).
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        energies = np.array([[appliance.energy] for appliance in APPLIANCES])
        self._runs_per_wh = shares_by_hour(_for_appliances(profile.typical_day())) / energies
        self._of_day = lru_cache(_DAYS_KEPT)(self._expected_of_day)

    @property
    def clock(self) -> WallClock:
        """The clock that the homes live by."""
        return self._profile.clock

    def cumulated(self, first_day: int, last_day: int) -> Ints:
        """Expected runs [UNIT] from the begin of the first of these local days to that of each of their quarter hours.

        Shape [appliances, 96 x days + 1].
        """
        expected = np.concatenate([self._of_day(day) for day in range(first_day, last_day + 1)], axis=1)
        return np.cumsum(np.pad(expected, ((0, 0), (1, 0))), axis=1)

    def _expected_of_day(self, day: int) -> Ints:
        energy_wh = _for_appliances(self._profile.of_day(day)) / 4
        return np.asarray(np.rint(self._runs_per_wh * energy_wh / UNIT), dtype=np.int64)


def _for_appliances(profile_w: Floats) -> Floats:
    """What is left of a profile of 1000 kWh a year for appliances [W per kWh/a]."""
    return np.maximum(profile_w / 1000 - ALWAYS_ON, 0.0)
