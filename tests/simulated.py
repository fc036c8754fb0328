"""What meter and pvsim must write of homes, computed by the model alone: the judge of journals."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from meter.household import Households
from meter.tables import load_profile
from pvsim.fleet import Fleet
from pvsim.readings import Readings
from pvsim_common.places import PLACES


def lines_of_all(sites: Sequence[str], instants: NDArray[np.int64], *, seed: int = 1) -> list[bytes]:
    """The lines of all sites at each instant [ms since 1970], instant by instant, by the settings' defaults."""
    each = np.repeat(instants, len(sites))
    return _lines(list(sites) * len(instants), each, _households(sites, seed).power(instants).T.ravel(), seed)


def lines_of(readings: Sequence[tuple[str, int]], *, seed: int = 1) -> list[bytes]:
    """The lines of any readings, each a site and an instant [ms since 1970], in their order."""
    sites = sorted({site for site, _ in readings})
    each = np.array([instant for _, instant in readings], dtype=np.int64)
    instants = np.unique(each)
    rows = np.searchsorted(sites, [site for site, _ in readings])
    power_w = _households(sites, seed).power(instants)[rows, np.searchsorted(instants, each)]
    return _lines([site for site, _ in readings], each, power_w, seed)


def _households(sites: Sequence[str], seed: int) -> Households:
    return Households(sites, seed=seed, profile=load_profile("H0", PLACES["munich"]), variation=True)


def _lines(sites: list[str], instants: NDArray[np.int64], power_w: NDArray[np.int64], seed: int) -> list[bytes]:
    fleet = Fleet(PLACES["munich"], seed=seed, variation=True, sky="cloudy")
    readings = Readings(sites, instants, np.full_like(instants, 1000), power_w)
    return fleet.records(readings).lines().splitlines()
