"""Meters and plants of a data set, as meter and pvsim simulate them."""

from collections.abc import Sequence

import numpy as np

from dataset.powers import Powers
from dataset.recipe import Model
from meter.household import Households
from meter.tables import load_profile
from pvsim.fleet import Fleet

_TENTHS_PER_WATT = 10


class Simulation:
    """Homes by their names; every power is a pure function of (model, site, instant)."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._profile = load_profile(model.profile, model.place)
        self._fleet = Fleet(
            model.place,
            seed=model.seed,
            variation=model.variation,
            sky=model.sky,
            choice=model.choice,
            radius_km=model.radius_km,
        )
        self._households = self._households_of(())

    def powers(self, sites: Sequence[str], instants: range) -> Powers:
        """The power of each site at each instant [ms since 1970]."""
        if self._names != tuple(sites):
            self._households = self._households_of(tuple(sites))
        moments = np.array(instants, dtype=np.int64)
        return Powers(self._households.power(moments) * _TENTHS_PER_WATT, self._fleet.power(sites, moments))

    def _households_of(self, sites: tuple[str, ...]) -> Households:
        """Homes keep what they have compiled, so the same homes are made only once in a row."""
        self._names = sites
        model = self._model
        return Households(
            sites,
            seed=model.seed,
            profile=self._profile,
            variation=model.variation,
            annual_kwh=model.annual_kwh,
        )
