"""What pvlib says, called the plain way: its ModelChain at the exact instants, and nothing of the code under test."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pvlib.location import Location
from pvlib.modelchain import ModelChain
from pvlib.pvsystem import Array, FixedMount, PVSystem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Plant(NamedTuple):
    """The plant of docs/model.md: angles in degrees, powers in kilowatts, losses in percent."""

    tilt: float = 35.0
    azimuth: float = 180.0
    capacity: float = 5.0
    rating: float = 4.6
    losses: float = 14.08


class Position(NamedTuple):
    """Degrees north and east, metres above the sea."""

    latitude: float
    longitude: float
    altitude: float


class Air(NamedTuple):
    """What cools the modules: temperature [C] and wind [m/s], constant or at each instant."""

    temperature: float | Floats = 20.0
    wind_speed: float = 1.0


class Verdict(NamedTuple):
    """At each instant: apparent zenith [degrees], and power [W] under a clear sky."""

    zenith: Floats
    power: Floats


_STANDARD_AIR = Air()


def nominal(latitude: float) -> Plant:
    """The plant of homes without variation: it faces the equator."""
    return Plant(azimuth=0.0 if latitude < 0 else 180.0)


def verdict(position: Position, instants: Ints, plant: Plant, air: Air = _STANDARD_AIR) -> Verdict:
    """What pvlib says of a plant at instants [ms since 1970]."""
    where = _location(position)
    times = pd.to_datetime(instants, unit="ms", utc=True)
    sun = where.get_solarposition(times)
    weather = where.get_clearsky(times, model="ineichen", solar_position=sun)
    weather = weather.assign(temp_air=air.temperature, wind_speed=air.wind_speed)
    chain = _chain(where, plant)
    chain.run_model(weather)
    return Verdict(sun["apparent_zenith"].to_numpy(), chain.results.ac.fillna(0).to_numpy())


def rough_verdict(position: Position, instants: Ints, plant: Plant, *, every: int) -> Verdict:
    """What pvlib says at some of the instants, joined linearly: for what need not be exact."""
    some = instants[::every]
    said = verdict(position, some, plant)
    return Verdict(*(np.interp(instants, some, values) for values in said))


def solar_noon_h(position: Position, instants: Ints) -> float:
    """Mean time of day [h UTC] at which the sun is in the south (or north) on the days of these instants."""
    days = pd.to_datetime(np.unique(instants // 86_400_000), unit="D", utc=True)
    transit = _location(position).get_sun_rise_set_transit(days, method="spa")["transit"]
    return float(((transit - days).dt.total_seconds() / 3600).mean())


def _location(position: Position) -> Location:
    return Location(position.latitude, position.longitude, altitude=position.altitude)


def _chain(where: Location, plant: Plant) -> ModelChain:
    modules = Array(
        FixedMount(plant.tilt, plant.azimuth),
        albedo=0.25,
        module_parameters={"pdc0": plant.capacity * 1000, "gamma_pdc": -0.0035},
        temperature_model_parameters={"u0": 25.0, "u1": 6.84},
    )
    inverter = {"pdc0": plant.rating * 1000 / 0.96, "eta_inv_nom": 0.96}
    return ModelChain(
        PVSystem([modules], inverter_parameters=inverter),
        where,
        transposition_model="haydavies",
        aoi_model="physical",
        spectral_model="no_loss",
        temperature_model="faiman",
        dc_model="pvwatts",
        ac_model="pvwatts",
        losses_model=lambda chain: _lose(chain, plant.losses / 100),
    )


def _lose(chain: ModelChain, share: float) -> None:
    chain.results.dc = chain.results.dc * (1 - share)
