"""The plants of all sites: from readings to records."""

import numpy as np

from pvsim.plant import Plant, ac_power
from pvsim.readings import Readings
from pvsim.sky import ClearSky, Location
from pvsim_common.messages import PowerRecord, format_timestamp

_TENTHS_PER_KILOWATT = 10_000


class Fleet:
    """Gives every site the nominal plant under the clear sky of its place."""

    def __init__(self, location: Location) -> None:
        self._sky = ClearSky(location)
        self._plant = Plant()

    def records(self, readings: Readings) -> list[PowerRecord]:
        """The record of each reading, in their order; powers are added in tenths of a watt, so the sums are exact."""
        if not readings.sites:
            return []
        instants, positions = np.unique(readings.instants, return_inverse=True)
        pv = np.rint(ac_power(self._plant, self._sky.at(instants)) * 10).astype(np.int64)[positions]
        meter = readings.power_w * 10
        timestamps = [format_timestamp(instant) for instant in instants.tolist()]
        powers = (power / _TENTHS_PER_KILOWATT for power in (meter, pv, meter + pv, meter - pv))
        return list(
            map(
                PowerRecord,
                map(timestamps.__getitem__, positions.tolist()),
                readings.sites,
                *(p.tolist() for p in powers),
            )
        )
