"""The air that cools the modules: its temperature follows season, time of day and clearness, the wind is random."""

import numpy as np
from numpy.typing import NDArray

from pvsim.clouds import Clouds, upwind
from pvsim.days import Days
from pvsim.noise import Octaves, noise
from pvsim.plant import Air
from pvsim.seasons import course, through_the_year
from pvsim_common.places import Place

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DAY_S = 86_400
_STEP_MS = 300_000
_DIURNAL = 5.0  # [C]
_WARMEST = 15 / 24  # of the solar day
_BY_CLEARNESS = 3.0  # [C]
_MEAN_WIND = 2.0  # [m/s]
_GUSTINESS = 0.5  # standard deviation of the logarithm
_WIND = Octaves(numbers=(0, 1, 2), periods=(86_400.0, 21_600.0, 3600.0), shares=(0.4, 0.35, 0.25))


class Weather:
    """Air temperature and wind of a place."""

    def __init__(self, seed: int, place: Place, clouds: Clouds) -> None:
        self._seed = seed
        self._place = place
        self._clouds = clouds
        self._temperature = course(place.temperature)
        self._days = Days(self._computed, step_ms=_STEP_MS)

    def at(self, instants: Ints) -> Air:
        """The air at each instant [ms since 1970]."""
        return Air(*self._days.at(instants))

    def _computed(self, instants: Ints) -> Floats:
        solar_days = instants / 1000 / _DAY_S + self._place.longitude / 360
        temp_air = (
            through_the_year(self._temperature, instants)
            + _DIURNAL * np.cos(2 * np.pi * (solar_days - _WARMEST))
            + _BY_CLEARNESS * self._clouds.clearness(instants)
        )
        along, across = upwind(self._place)
        gusts = noise(self._seed, "pvsim/wind", _WIND, along + instants / 1000, np.full(1, across))
        wind_speed = _MEAN_WIND * np.exp(_GUSTINESS * gusts - _GUSTINESS**2 / 2)  # lognormal
        return np.array([temp_air, wind_speed])
