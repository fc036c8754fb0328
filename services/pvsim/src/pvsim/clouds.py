"""Clouds: one fractal Gaussian field that the wind carries over all sites, mapped to the clearsky index.

The field is frozen and moves from west to east, so what a site sees now its eastern neighbour sees some seconds later.
Constants are fitted to measurements of irradiance: docs/model.md.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim.curve import Curves
from pvsim.days import Days
from pvsim.noise import Octaves, noise
from pvsim.seasons import course, through_the_year
from pvsim_common.places import Place

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WIND_SPEED = 10.0  # [m/s], of the clouds
_METRES_PER_DEGREE = 111_195.0  # of latitude: a sphere of 6371 km

_SLOW = Octaves((0, 1, 2, 3), (259_200.0, 86_400.0, 28_800.0, 9600.0), (0.34, 0.16, 0.15, 0.12))
_DAYS = _SLOW.first(3)
_FAST = Octaves((4, 5, 6, 7, 8, 9), (3200.0, 1067.0, 356.0, 119.0, 40.0, 13.0), (0.075, 0.05, 0.04, 0.03, 0.02, 0.012))
_BROAD = _FAST.first(4)  # what ten minutes do not smooth away

# Clearsky index by the share of time that is darker; share of the clear sky's beam that is left, by clearsky index.
_DARKER = (0, 0.03, 0.10, 0.20, 0.32, 0.42, 0.50, 0.55, 0.59, 0.63, 0.68, 0.75, 0.85, 0.95, 1)
_CLEARSKY_INDEX = (0.04, 0.10, 0.18, 0.28, 0.40, 0.50, 0.60, 0.72, 0.88, 1.08, 1.17, 1.16, 1.13, 1.08, 1.02)
_INDEX_OF_BEAM = (0.5, 0.7, 0.88, 1.0, 1.17)
_BEAM_LEFT = (0.0, 0.12, 0.45, 0.83, 1.10)

_STEP_MS = 120_000
_LAG_STEPS = 6
_STRIP_S = 50.0  # 500 m


class Cover(NamedTuple):
    """What clouds leave of the light."""

    clearsky_index: Floats  # GHI / GHI of the clear sky, 0.04 to 1.17: the edge of a cloud adds light
    beam: Floats  # DNI / DNI of the clear sky, 0 to 1.1


class Clouds:
    """The clouds above a place; every value is a pure function of (seed, instant, where)."""

    def __init__(self, seed: int, place: Place, radius_km: float) -> None:
        self._seed = seed
        self._strips = int(np.ceil(1000 * radius_km / WIND_SPEED / _STRIP_S))  # to each side of the middle
        self._along, self._across = upwind(place)
        self._cover = cover_by_noise()
        self._brighter = course(tuple(brightening(self._cover, place.clearness).tolist()))
        self._slow = Days(self._slowly, step_ms=_STEP_MS)
        self._recent = Days(self._recently, step_ms=_STEP_MS)

    def cover(self, passed: Ints, across: Floats) -> Cover:
        """The clouds over sites, given where these are.

        `passed` is the instant [ms since 1970] less the time that clouds need from the middle of the place to the site
        (100 ms for each metre to the east), `across` the site's way to the north in the same measure [s]; the shapes
        broadcast.
        """
        (slow,) = self._slow.at(passed)
        return Cover(*self._cover.at(slow + self._noise(_FAST, passed, across)))

    def recent_cover(self, passed: Ints, across: Floats) -> Cover:
        """The mean of six moments, two minutes apart and on average 7 min ago: what has warmed a module.

        The moments lie on a grid of their own between whose points the mean is linear, and sites in a strip of 500 m
        along the wind see the same: a module's temperature forgets what is finer, and the strips are few.
        """
        strip = np.rint(across / _STRIP_S).astype(np.int64) + self._strips
        both = np.array([0, 2 * self._strips + 1]).reshape(-1, *(1,) * strip.ndim)
        return Cover(*self._recent.at(passed, both + strip))

    def clearness(self, instants: Ints) -> Floats:
        """How clear the days around each instant [ms since 1970] are: -1 (dull) to 1 (clear), 0 on average."""
        days = self._noise(_DAYS, instants, np.zeros(1))
        return np.asarray(np.tanh(days / np.sqrt(sum(_DAYS.shares))))

    def _slowly(self, instants: Ints) -> Floats:
        slow = self._noise(_SLOW, instants, np.zeros(1))
        return np.array([slow + through_the_year(self._brighter, instants)])

    def _recently(self, instants: Ints) -> Floats:
        moments = np.r_[instants[0] + _STEP_MS * np.arange(-_LAG_STEPS, 0), instants][:-1, np.newaxis]
        strips = _STRIP_S * np.arange(-self._strips, self._strips + 1, dtype=np.float64)
        (slow,) = self._slow.at(moments)
        cover = self._cover.at(slow + self._noise(_BROAD, moments, strips[np.newaxis]))
        count = len(instants)
        mean = np.add.reduce([cover[:, n : n + count] for n in range(_LAG_STEPS)]) / _LAG_STEPS
        return np.ascontiguousarray(mean.transpose(0, 2, 1)).reshape(-1, count)

    def _noise(self, octaves: Octaves, passed: Ints, across: Floats) -> Floats:
        return noise(self._seed, "pvsim/clouds", octaves, passed / 1000 + self._along, across + self._across)


def upwind(place: Place) -> tuple[float, float]:
    """Where a place lies in the field [s of wind]: later to the west, and its distance from the equator."""
    metres_per_degree = _METRES_PER_DEGREE * np.cos(np.radians(place.latitude))
    return -place.longitude * metres_per_degree / WIND_SPEED, place.latitude * _METRES_PER_DEGREE / WIND_SPEED


def cover_by_noise() -> Curves:
    """Clearsky index and beam by the field's value."""
    z = np.linspace(-6, 6, 12 * 128 + 1)
    darker = np.array([NormalDist().cdf(value) for value in z.tolist()])
    index = np.interp(darker, _DARKER, _CLEARSKY_INDEX)
    return Curves.through(z, index, np.interp(index, _INDEX_OF_BEAM, _BEAM_LEFT))


def brightening(cover: Curves, clearness: tuple[float, ...]) -> Floats:
    """What to add to the field so that the clearsky index has this mean; at most what gives the highest mean."""
    z = np.linspace(-5, 5, 1001)
    weights = np.exp(-(z**2) / 2)
    shifts = np.linspace(-3, 3, 121)
    means = cover.at(z + shifts[:, np.newaxis])[0] @ weights / weights.sum()
    rising = slice(0, int(means.argmax()) + 1)
    return np.interp(clearness, means[rising], shifts[rising])
