"""The plants of all sites: from readings to records."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pvsim.clouds import WIND_SPEED, Clouds
from pvsim.plant import Air, PlantChoice, Plants, ac_power
from pvsim.readings import Readings
from pvsim.records import Records
from pvsim.roofs import offsets, plants
from pvsim.sites import Sites
from pvsim.sky import ClearSky, Sky, clouded
from pvsim.weather import Weather
from pvsim_common.places import Place
from pvsim_common.randomness import site_ids

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK = 16_384  # readings at once: enough to be fast, with some 20 MB for what is computed between
_CLEAR_AIR = Air(temp_air=20.0, wind_speed=1.0)
_NOMINAL_CHOICE = PlantChoice()


class Fleet:
    """The PV plants of any sites of a place; each value is a pure function of (seed, site, instant)."""

    def __init__(
        self,
        place: Place,
        *,
        seed: int,
        variation: bool,
        sky: Literal["cloudy", "clear"],
        choice: PlantChoice = _NOMINAL_CHOICE,
        radius_km: float = 2.0,
    ) -> None:
        """Sites lie within the radius; without variation each plant is the nominal one; what is chosen holds for all.

        Under a clear sky there is no weather: 20 C, 1 m/s, and modules as warm as the light of the moment makes them.
        """
        self._place, self._seed, self._variation = place, seed, variation
        self._choice, self._radius_km = choice, radius_km
        self._sky = ClearSky(latitude=place.latitude, longitude=place.longitude, altitude=place.altitude)
        self._clouds = Clouds(seed, place, radius_km) if sky == "cloudy" else None
        self._weather = Weather(seed, place, self._clouds) if self._clouds else None
        self._sites = Sites(self._described)

    def power(self, sites: Sequence[str], instants: Ints) -> Ints:
        """PV power [tenths of a watt] of each site (rows) at each instant [ms since 1970] (columns)."""
        return self._power(self._sites.of(sites)[:, :, np.newaxis], instants)

    def _power(self, described: Floats, instants: Ints) -> Ints:
        sites = described.shape[1]
        tenths = np.zeros((sites, len(instants)), dtype=np.int64)
        width = max(1, min(len(instants), _BLOCK // max(1, sites)))
        for columns in _parts(len(instants), width):
            lit, sky = self._daylight(instants[columns])
            for rows in _parts(sites, _BLOCK // width) if len(lit) else ():
                tenths[rows, columns][:, lit] = self._tenths(described[:, rows], instants[columns][lit], sky)
        return tenths

    def records(self, readings: Readings) -> Records:
        """The record of each reading, in their order."""
        return Records(readings.sites, readings.instants, readings.power_w * 10, self._pv(readings))

    def _pv(self, readings: Readings) -> Ints:
        """PV power [tenths of a watt] of each reading."""
        if readings.grid:
            times, sites = readings.grid
            lists = readings.lists[:1] if times > 1 else readings.lists
            described = self._sites.of_lists(lists)[:, :, np.newaxis]
            return self._power(described, readings.instants[::sites]).T.ravel()
        described = self._sites.of_lists(readings.lists) if readings.lists else self._sites.of(readings.sites)
        tenths = np.zeros(len(readings.sites), dtype=np.int64)
        for part in _parts(len(tenths), _BLOCK):
            lit, sky = self._daylight(readings.instants[part])
            if len(lit):
                tenths[part][lit] = self._tenths(described[:, part][:, lit], readings.instants[part][lit], sky)
        return tenths

    def _daylight(self, instants: Ints) -> tuple[NDArray[np.intp], Sky]:
        """At which of the instants the sun is up, and the clear sky then."""
        sky = self._sky.at(instants)
        lit = np.flatnonzero(sky.up > 0)
        return lit, Sky(*(column[lit] for column in sky))

    def _tenths(self, described: Floats, instants: Ints, sky: Sky) -> Ints:
        """PV power [tenths of a watt] in the broadcast shape of the sites described and the instants."""
        *properties, passage_ms, across = described
        plants = Plants(*properties)
        if self._clouds and self._weather:
            passed = instants - passage_ms.astype(np.int64)
            now = clouded(sky, *self._clouds.cover(passed, across))
            recent = clouded(sky, *self._clouds.recent_cover(passed, across))
            power = ac_power(plants, now, recent, self._weather.at(instants))
        else:
            power = ac_power(plants, sky, sky, _CLEAR_AIR)
        return np.minimum(np.rint(power * 10), np.floor(plants.p_ac0 * 10)).astype(np.int64)

    def _described(self, names: Sequence[str]) -> Floats:
        """What is fixed for sites: the plant, how much later clouds come [ms], how far across the wind it lies [s]."""
        ids = site_ids(names)
        plant = plants(ids, self._choice, seed=self._seed, variation=self._variation, latitude=self._place.latitude)
        east, north = offsets(ids, seed=self._seed, radius_km=self._radius_km)
        return np.array([*plant, np.rint(1000 * east / WIND_SPEED), north / WIND_SPEED])


def _parts(count: int, size: int) -> Iterator[slice]:
    return (slice(begin, begin + size) for begin in range(0, count, size))
