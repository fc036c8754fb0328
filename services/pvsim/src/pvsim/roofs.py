"""What follows from a site's name: which plant stands on its roof, and where in the place it lies."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim.plant import PlantChoice, Plants
from pvsim_common.randomness import uniforms

Floats = NDArray[np.float64]
Ids = NDArray[np.uint64]

_NOMINAL_LOSSES = 14.08  # [%]: PVWatts version 5 (Dobos, 2014)
_LEAST_KWP, _MOST_KWP = 3.0, 10.0
_MOST_DC_AC = 1.25
_LEAST_TILT, _MOST_TILT = 10.0, 50.0
_TO_EACH_SIDE = 90.0  # [degrees] of azimuth
_OLDEST, _AGEING = 20.0, 0.005  # [a], [1/a]


class _Roof(NamedTuple):
    """What a site would have by itself, in the units of PlantChoice."""

    capacity_kwp: Floats
    inverter_kw: Floats
    surface_tilt: Floats
    off_equator: Floats  # azimuth, from the direction of the equator [degrees]
    losses: Floats


def plants(ids: Ids, choice: PlantChoice, *, seed: int, variation: bool, latitude: float) -> Plants:
    """The plant of each site, given its id: what is chosen, the rest as its name or the nominal plant has it."""
    roof = _varied(ids, seed, choice.capacity_kwp) if variation else _nominal(ids)
    to_equator = 180.0 if latitude >= 0 else 0.0
    return Plants.facing(
        _chosen(choice.surface_tilt, roof.surface_tilt),
        _chosen(choice.surface_azimuth, to_equator + roof.off_equator),
        pdc0=1000 * _chosen(choice.capacity_kwp, roof.capacity_kwp),
        p_ac0=1000 * _chosen(choice.inverter_kw, roof.inverter_kw),
        losses=_chosen(choice.losses, roof.losses) / 100,
    )


def offsets(ids: Ids, *, seed: int, radius_km: float) -> tuple[Floats, Floats]:
    """How far each site lies to the east and to the north of the middle [m]; evenly within the radius."""
    area, turn = (uniforms(seed, "pvsim/offset", ids, number) for number in range(2))
    distance = 1000 * radius_km * np.sqrt(area)
    return distance * np.sin(2 * np.pi * turn), distance * np.cos(2 * np.pi * turn)


def _nominal(ids: Ids) -> _Roof:
    return _Roof(*(np.full(ids.shape, value) for value in (5.0, 4.6, 35.0, 0.0, _NOMINAL_LOSSES)))


def _varied(ids: Ids, seed: int, capacity_kwp: float | None) -> _Roof:
    """Any size, ratio, tilt and age is as likely as another; most plants face about the equator."""
    size, ratio, tilt, side, other_side, age = (uniforms(seed, "pvsim/plant", ids, number) for number in range(6))
    capacity = _chosen(capacity_kwp, _LEAST_KWP + (_MOST_KWP - _LEAST_KWP) * size)
    left = (1 - _NOMINAL_LOSSES / 100) * (1 - _AGEING * _OLDEST * age)
    return _Roof(
        capacity_kwp=capacity,
        inverter_kw=capacity / (1 + (_MOST_DC_AC - 1) * ratio),
        surface_tilt=_LEAST_TILT + (_MOST_TILT - _LEAST_TILT) * tilt,
        off_equator=_TO_EACH_SIDE * (side + other_side - 1),
        losses=100 * (1 - left),
    )


def _chosen(value: float | None, own: Floats) -> Floats:
    return own if value is None else np.full_like(own, value)
