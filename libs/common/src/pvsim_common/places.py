"""Places where homes can be: their position, their clock, their climate.

Where the figures are from, all rounded, one value a month from January to December:

temperature: 1991-2020 normals of the national weather services (DWD, MeteoSwiss, NOAA, MSS, BOM, CMA), Madrid's those
of AEMET for 1981-2010. Good to about 0.5 K, which is 0.2 % of a plant's power.

clearness: monthly mean of global horizontal irradiation, divided by that of a clear sky as pvlib computes it (Ineichen
with climatological turbidity). Munich and Berlin from weather years of DWD, Phoenix from its typical meteorological
year TMY3 (station 722780), the others from multi-year means of public satellite climatologies, rounded to 0.1 kWh/m2 a
day: good to about 0.05.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

Monthly = tuple[float, ...]
MONTHS = 12
_LATITUDES = (0.0, 15.0, 25.0, 35.0, 50.0, 60.0, 90.0)
_CLEARNESS_AT = (
    0.68,
    0.74,
    0.80,
    0.76,
    0.65,
    0.60,
    0.60,
)  # drier under the subtropical highs, cloudier near 60 degrees
_WARMEST_NORTH, _WARMEST_SOUTH = 6.5, 0.5  # middle of July, of January, in months since the year began


class Place(NamedTuple):
    """Where homes are: degrees north and east, metres above the sea, IANA time zone, ISO 3166 country, climate.

    `clearness` is the mean clearsky index of each month, `temperature` its mean air temperature [C]. A country of ""
    has no public holidays.
    """

    latitude: float
    longitude: float
    altitude: float
    timezone: str
    country: str
    clearness: Monthly
    temperature: Monthly


PLACES: Mapping[str, Place] = {
    "munich": Place(
        48.14, 11.58, 520.0, "Europe/Berlin", "DE",
        (0.54, 0.61, 0.58, 0.66, 0.76, 0.65, 0.75, 0.74, 0.66, 0.65, 0.55, 0.50),
        (0.9, 2.1, 6.0, 10.3, 14.6, 18.0, 19.8, 19.6, 14.9, 10.1, 4.9, 1.6),
    ),
    "berlin": Place(
        52.52, 13.41, 35.0, "Europe/Berlin", "DE",
        (0.45, 0.53, 0.52, 0.68, 0.68, 0.65, 0.69, 0.71, 0.64, 0.59, 0.57, 0.46),
        (1.0, 2.1, 5.0, 9.8, 14.4, 17.8, 19.7, 19.3, 15.0, 10.0, 5.2, 2.1),
    ),
    "zurich": Place(
        47.37, 8.54, 410.0, "Europe/Zurich", "CH",
        (0.60, 0.71, 0.73, 0.73, 0.70, 0.73, 0.77, 0.77, 0.73, 0.65, 0.60, 0.60),
        (0.9, 1.7, 5.5, 9.3, 13.5, 17.1, 19.0, 18.6, 14.2, 9.8, 4.8, 1.6),
    ),
    "madrid": Place(
        40.42, -3.70, 660.0, "Europe/Madrid", "ES",
        (0.79, 0.80, 0.82, 0.79, 0.82, 0.90, 0.97, 0.98, 0.94, 0.82, 0.81, 0.79),
        (6.3, 7.9, 11.2, 12.9, 16.7, 22.2, 25.6, 25.1, 20.9, 15.1, 9.9, 6.9),
    ),
    "phoenix": Place(
        33.45, -112.07, 340.0, "America/Phoenix", "US",
        (0.87, 0.85, 0.87, 0.97, 0.98, 1.00, 0.94, 0.97, 1.00, 0.95, 0.98, 0.92),
        (13.8, 15.4, 19.1, 22.9, 27.9, 32.9, 35.1, 34.6, 31.8, 25.1, 18.3, 13.2),
    ),
    "singapore": Place(
        1.35, 103.82, 20.0, "Asia/Singapore", "SG",
        (0.68, 0.76, 0.75, 0.73, 0.70, 0.72, 0.70, 0.69, 0.68, 0.68, 0.61, 0.62),
        (26.8, 27.3, 27.8, 28.2, 28.6, 28.5, 28.2, 28.1, 28.0, 27.9, 27.2, 26.8),
    ),
    "sydney": Place(
        -33.87, 151.21, 30.0, "Australia/Sydney", "AU",
        (0.74, 0.70, 0.71, 0.73, 0.76, 0.77, 0.77, 0.80, 0.79, 0.76, 0.73, 0.73),
        (23.5, 23.4, 22.1, 19.5, 16.6, 14.2, 13.4, 14.5, 17.0, 18.9, 20.4, 22.1),
    ),
    "new-york": Place(
        40.71, -74.01, 10.0, "America/New_York", "US",
        (0.68, 0.69, 0.70, 0.70, 0.72, 0.76, 0.77, 0.77, 0.75, 0.73, 0.67, 0.66),
        (0.9, 2.2, 6.0, 12.1, 17.3, 22.2, 25.3, 24.5, 20.7, 14.4, 8.9, 3.9),
    ),
    "shanghai": Place(
        31.23, 121.47, 5.0, "Asia/Shanghai", "CN",
        (0.55, 0.54, 0.53, 0.58, 0.61, 0.57, 0.68, 0.70, 0.63, 0.64, 0.62, 0.60),
        (4.9, 6.6, 10.6, 16.1, 21.2, 24.6, 29.1, 28.6, 24.9, 19.7, 13.9, 7.4),
    ),
}  # fmt: skip


def usual_clearness(latitude: float) -> Monthly:
    """The mean clearsky index of each month where nothing is known but the latitude [degrees]: a rough zonal mean."""
    return (round(float(np.interp(abs(latitude), _LATITUDES, _CLEARNESS_AT)), 2),) * MONTHS


def usual_temperature(latitude: float, altitude: float) -> Monthly:
    """The mean air temperature [C] of each month where nothing is known but latitude [degrees] and altitude [m].

    A rough zonal mean at the sea, 6.5 K less for each kilometre, and a season that grows with the latitude.
    """
    mean = 27.0 - 0.0085 * latitude**2 - 0.0065 * altitude
    warmest = _WARMEST_SOUTH if latitude < 0 else _WARMEST_NORTH
    season = 0.24 * abs(latitude) * np.cos(2 * np.pi * (np.arange(MONTHS) + 0.5 - warmest) / MONTHS)
    return tuple(np.round(mean + season, 1).tolist())
