"""The sky above the homes: where the sun stands, and the irradiance of a clear day."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pvlib
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_DAY_MS = 86_400_000
_GRID_MS = 60_000
_DAYS_KEPT = 8


class Location(NamedTuple):
    """Where the homes are: degrees north, degrees east, metres above sea level."""

    latitude: float
    longitude: float
    altitude: float


class Sky(NamedTuple):
    """Sun and irradiance at each instant; the names are pvlib's, angles in degrees, irradiance in W/m2."""

    solar_zenith: Floats  # apparent, that is with refraction
    solar_azimuth: Floats
    ghi: Floats
    dni: Floats
    dhi: Floats
    dni_extra: Floats


class ClearSky:
    """The clear sky of a place, after Ineichen and Perez (2002) with climatological Linke turbidity.

    A UTC day is computed once on a grid of a minute and interpolated linearly in the components (irradiances and the
    vector to the sun). The days kept are bounded; they never change a value.
    """

    def __init__(self, location: Location) -> None:
        self._location = location
        self._days: dict[int, Floats] = {}

    def at(self, instants: Ints) -> Sky:
        """The sky at each instant [ms since 1970]."""
        days, positions = np.unique(instants // _DAY_MS, return_inverse=True)
        components = np.empty((7, len(instants)))
        for number, day in enumerate(days.tolist()):
            here = positions == number
            components[:, here] = self._interpolated(day, instants[here])
        x, y, z, ghi, dni, dhi, dni_extra = components
        azimuth = np.degrees(np.arctan2(x, y)) % 360
        zenith = np.degrees(np.arctan2(np.hypot(x, y), z))
        return Sky(zenith, azimuth, ghi, dni, dhi, dni_extra)

    def _interpolated(self, day: int, instants: Ints) -> Floats:
        grid = self._days.get(day)
        if grid is None:
            grid = _clear_day(self._location, day)
            while len(self._days) >= _DAYS_KEPT:
                del self._days[next(iter(self._days))]
            self._days[day] = grid
        at = (instants - day * _DAY_MS) / _GRID_MS
        left = at.astype(np.int64)
        share = at - left
        return grid[:, left] * (1 - share) + grid[:, left + 1] * share


def _clear_day(location: Location, day: int) -> Floats:
    """East, north, up of the unit vector to the sun, GHI, DNI, DHI, extraterrestrial DNI; each minute of a UTC day."""
    latitude, longitude, altitude = location
    times = pd.to_datetime(np.arange(day * _DAY_MS, (day + 1) * _DAY_MS + 1, _GRID_MS), unit="ms", utc=True)
    sun = pvlib.solarposition.get_solarposition(times, latitude, longitude, altitude, method="nrel_numpy")
    zenith, azimuth = sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy()
    pressure = pvlib.atmosphere.alt2pres(altitude)
    airmass = pvlib.atmosphere.get_absolute_airmass(pvlib.atmosphere.get_relative_airmass(zenith), pressure)
    turbidity = pvlib.clearsky.lookup_linke_turbidity(times, latitude, longitude).to_numpy()
    dni_extra = pvlib.irradiance.get_extra_radiation(times).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):  # at night, where it is 0 in the end
        clear = pvlib.clearsky.ineichen(zenith, airmass, turbidity, altitude, dni_extra)
    z, a = np.radians(zenith), np.radians(azimuth)
    east, north, up = np.sin(z) * np.sin(a), np.sin(z) * np.cos(a), np.cos(z)
    return np.array([east, north, up, clear["ghi"], clear["dni"], clear["dhi"], dni_extra])
