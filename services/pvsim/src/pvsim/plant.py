"""PV plants: what they are, and from the sky to the AC power of modules and inverter."""

from functools import cache
from typing import NamedTuple, Self

import numpy as np
import pvlib
from numpy.typing import NDArray

from pvsim.curve import Curves
from pvsim.sky import Sky

Floats = NDArray[np.float64]

MODEL_VERSION = "2"  # another number where a record could differ from what an older program wrote

_ALBEDO = 0.25
_LEAST_UP = 0.01745  # pvlib's: the sun counts as at least 1 degree above the horizon, where it is divided by
_FAIMAN_U0, _FAIMAN_U1 = 25.0, 6.84  # [W/m2/C], [W s/m3/C]: Faiman (2008), open rack
_GAMMA_PDC = -0.0035  # [1/C]
_ETA_INV_NOM = 0.96
_TEMP_REF = 25.0  # [C]: standard test conditions


class PlantChoice(NamedTuple):
    """What holds for the plant of every site; None leaves it to the site's name, or to the nominal plant."""

    capacity_kwp: float | None = None
    inverter_kw: float | None = None
    surface_tilt: float | None = None  # [degrees]
    surface_azimuth: float | None = None  # [degrees], 180 is south
    losses: float | None = None  # [%], ageing included


class Plants(NamedTuple):
    """Plants, an array for each property: powers in watts, losses as a share, the modules' plane by its unit normal."""

    pdc0: Floats
    p_ac0: Floats
    losses: Floats
    east: Floats
    north: Floats
    up: Floats

    @classmethod
    def facing(
        cls, surface_tilt: Floats, surface_azimuth: Floats, *, pdc0: Floats, p_ac0: Floats, losses: Floats
    ) -> Self:
        """Plants whose modules face so [degrees; azimuth 180 is south]."""
        tilt, azimuth = np.radians(surface_tilt), np.radians(surface_azimuth)
        return cls(pdc0, p_ac0, losses, np.sin(tilt) * np.sin(azimuth), np.sin(tilt) * np.cos(azimuth), np.cos(tilt))


class Air(NamedTuple):
    """The air that cools the modules."""

    temp_air: Floats | float  # [C]
    wind_speed: Floats | float  # [m/s]


def ac_power(plants: Plants, sky: Sky, recent: Sky, air: Air) -> Floats:
    """AC power [W] in the broadcast shape of plants and sky, 0 to p_ac0; exactly 0 where the sun is down.

    pvlib's chain after PVWatts version 5 (Dobos, 2014): transposition of Hay and Davies, reflection at the glass,
    cell temperature of Faiman, losses, and the inverter's part-load efficiency. `recent` is the light that has warmed
    the modules.
    """
    incidence = np.maximum(plants.east * sky.east + plants.north * sky.north + plants.up * sky.up, 0)
    direct, diffuse = plane_of_array(plants, sky, incidence)
    (iam,) = _iam_by_incidence().at(incidence)
    effective = direct * iam + diffuse
    warming = direct + diffuse if recent is sky else sum(plane_of_array(plants, recent, incidence))
    temp_cell = pvlib.temperature.faiman(warming, *air, u0=_FAIMAN_U0, u1=_FAIMAN_U1)
    return np.where(sky.up > 0, ac_power_of(plants, effective, temp_cell), 0.0)


def plane_of_array(plants: Plants, sky: Sky, incidence: Floats) -> tuple[Floats, Floats]:
    """Direct and diffuse irradiance [W/m2] of modules, given the cosine of the beam's angle of incidence.

    The model of Hay and Davies (1980) and light from the ground: what `pvlib.irradiance.get_total_irradiance` computes
    from angles, here from vectors, at a fifth of the time.
    """
    anisotropy = sky.dni / sky.dni_extra
    circumsolar = anisotropy * incidence / np.maximum(sky.up, _LEAST_UP)
    isotropic = (1 - anisotropy) * ((1 + plants.up) / 2)
    ground = sky.ghi * ((1 - plants.up) * (_ALBEDO / 2))
    return sky.dni * incidence, sky.dhi * (circumsolar + isotropic) + ground


def ac_power_of(plants: Plants, effective_irradiance: Floats, temp_cell: Floats) -> Floats:
    """AC power [W] of modules that receive an effective irradiance [W/m2] at a cell temperature [C]."""
    pdc = pvlib.pvsystem.pvwatts_dc(effective_irradiance, temp_cell, plants.pdc0, _GAMMA_PDC, _TEMP_REF)
    pdc0 = plants.p_ac0 / _ETA_INV_NOM
    power = pvlib.inverter.pvwatts(pdc * (1 - plants.losses), pdc0, eta_inv_nom=_ETA_INV_NOM)
    return np.asarray(np.clip(power, 0.0, plants.p_ac0), dtype=np.float64)


@cache
def _iam_by_incidence() -> Curves:
    """What the glass lets through of the beam, by the cosine of its angle of incidence: De Soto et al. (2006)."""
    cosines = np.linspace(0, 1, 2049)
    return Curves.through(cosines, pvlib.iam.physical(np.degrees(np.arccos(cosines))))
