"""The plants of all sites: from readings to records."""

import numpy as np

from pvsim.plant import Plant, ac_power
from pvsim.readings import Readings
from pvsim.records import Records
from pvsim.sky import ClearSky, Location


class Fleet:
    """Gives every site the nominal plant under the clear sky of its place."""

    def __init__(self, location: Location) -> None:
        self._sky = ClearSky(location)
        self._plant = Plant()

    def records(self, readings: Readings) -> Records:
        """The record of each reading, in their order."""
        instants, positions = np.unique(readings.instants, return_inverse=True)
        pv = np.rint(ac_power(self._plant, self._sky.at(instants)) * 10).astype(np.int64)[positions]
        return Records(readings.sites, readings.instants, readings.power_w * 10, pv)
