"""PV plants: from the sky to the AC power of modules and inverter."""

from typing import NamedTuple

import numpy as np
import pvlib
from numpy.typing import NDArray

from pvsim.sky import Sky

Floats = NDArray[np.float64]

MODEL_VERSION = "1"  # another number where a record could differ from what an older program wrote

_ALBEDO = 0.25
_TEMP_AIR, _WIND_SPEED = 20.0, 1.0  # [C], [m/s]: of the clear sky
_FAIMAN_U0, _FAIMAN_U1 = 25.0, 6.84  # [W/m2/C], [W s/m3/C]: Faiman (2008), open rack
_GAMMA_PDC = -0.0035  # [1/C]
_ETA_INV_NOM = 0.96
_TEMP_REF = 25.0  # [C]: standard test conditions


class Plant(NamedTuple):
    """A PV plant; angles in degrees (azimuth 180 is south), powers in watts, losses as a share."""

    pdc0: float = 5000.0
    p_ac0: float = 4600.0
    surface_tilt: float = 35.0
    surface_azimuth: float = 180.0
    losses: float = 0.1408


def ac_power(plant: Plant, sky: Sky) -> Floats:
    """AC power [W] at each instant of the sky, 0 to p_ac0; exactly 0 where the sun is down.

    pvlib's chain after PVWatts version 5 (Dobos, 2014): transposition of Hay and Davies, reflection at the glass,
    cell temperature of Faiman, losses, and the inverter's part-load efficiency.
    """
    tilt, azimuth = plant.surface_tilt, plant.surface_azimuth
    irradiance = pvlib.irradiance.get_total_irradiance(
        tilt,
        azimuth,
        sky.solar_zenith,
        sky.solar_azimuth,
        sky.dni,
        sky.ghi,
        sky.dhi,
        dni_extra=sky.dni_extra,
        albedo=_ALBEDO,
        model="haydavies",
    )
    aoi = pvlib.irradiance.aoi(tilt, azimuth, sky.solar_zenith, sky.solar_azimuth)
    effective = irradiance["poa_direct"] * pvlib.iam.physical(aoi) + irradiance["poa_diffuse"]
    temp_cell = pvlib.temperature.faiman(irradiance["poa_global"], _TEMP_AIR, _WIND_SPEED, u0=_FAIMAN_U0, u1=_FAIMAN_U1)
    power = ac_power_of(plant, effective, temp_cell)
    return np.where(np.asarray(sky.solar_zenith < 90), power, 0.0)


def ac_power_of(plant: Plant, effective_irradiance: Floats, temp_cell: Floats) -> Floats:
    """AC power [W] of modules that receive an effective irradiance [W/m2] at a cell temperature [C]."""
    pdc = pvlib.pvsystem.pvwatts_dc(effective_irradiance, temp_cell, plant.pdc0, _GAMMA_PDC, _TEMP_REF)
    pdc0 = plant.p_ac0 / _ETA_INV_NOM
    power = pvlib.inverter.pvwatts(pdc * (1 - plant.losses), pdc0, eta_inv_nom=_ETA_INV_NOM)
    return np.asarray(np.clip(np.nan_to_num(power), 0.0, plant.p_ac0), dtype=np.float64)
