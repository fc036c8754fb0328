"""The sky above a place: where the sun stands, and the irradiance of a clear day."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pvlib
from numpy.typing import NDArray

from pvsim.days import Days

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEP_MS = 120_000  # at most 0.05 % of a plant's rating away from what pvlib says at each instant
_LEAST_DIFFUSE = 0.03  # of GHI, under any cloud


class Sky(NamedTuple):
    """Sun and irradiance at each instant: the unit vector to the sun (refraction included), irradiance in W/m2."""

    east: Floats
    north: Floats
    up: Floats  # the cosine of the apparent zenith
    ghi: Floats
    dni: Floats
    dhi: Floats
    dni_extra: Floats


class ClearSky:
    """The clear sky of a place, after Ineichen and Perez (2002) with climatological Linke turbidity.

    Between the points of a grid it is linear in the components: irradiances, and the vector to the sun, which
    unlike angles has no jumps.
    """

    def __init__(self, *, latitude: float, longitude: float, altitude: float) -> None:
        """Degrees north, degrees east, metres above the sea."""
        self._latitude = latitude
        self._longitude = longitude
        self._altitude = altitude
        self._days = Days(self._computed, step_ms=_STEP_MS)

    def at(self, instants: Ints) -> Sky:
        """The sky at each instant [ms since 1970]."""
        return Sky(*self._days.at(instants))

    def _computed(self, instants: Ints) -> Floats:
        times = pd.to_datetime(instants, unit="ms", utc=True)
        where = self._latitude, self._longitude
        sun = pvlib.solarposition.get_solarposition(times, *where, self._altitude, method="nrel_numpy")
        zenith, azimuth = sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy()
        pressure = pvlib.atmosphere.alt2pres(self._altitude)
        airmass = pvlib.atmosphere.get_absolute_airmass(pvlib.atmosphere.get_relative_airmass(zenith), pressure)
        turbidity = pvlib.clearsky.lookup_linke_turbidity(times, *where).to_numpy()
        dni_extra = pvlib.irradiance.get_extra_radiation(times).to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):  # at night, where it is 0 in the end
            clear = pvlib.clearsky.ineichen(zenith, airmass, turbidity, self._altitude, dni_extra)
        elevation, turn = np.radians(sun["apparent_elevation"].to_numpy()), np.radians(azimuth)
        up, level = np.sin(elevation), np.cos(elevation)
        east, north = level * np.sin(turn), level * np.cos(turn)
        return np.array([east, north, up, clear["ghi"], clear["dni"], clear["dhi"], dni_extra])


def clouded(sky: Sky, clearsky_index: Floats, beam: Floats) -> Sky:
    """The sky when clouds leave these shares of GHI and of DNI: the rest of GHI is diffuse, and some of it always."""
    ghi = clearsky_index * sky.ghi
    dni = beam * sky.dni
    return sky._replace(ghi=ghi, dni=dni, dhi=np.maximum(ghi - dni * sky.up, _LEAST_DIFFUSE * ghi))
