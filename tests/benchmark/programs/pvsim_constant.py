"""pvsim whose plants all make the same at any time: what the model of clouds and plants costs."""

import numpy as np

from pvsim import main
from pvsim.fleet import Fleet
from pvsim.readings import Readings
from pvsim.records import Records

TENTHS = 12_345  # of a watt: as many digits as most have


class ConstantFleet(Fleet):
    """Plants without sun, clouds and weather."""

    def records(self, readings: Readings) -> Records:
        """See Fleet."""
        constant = np.full(len(readings.sites), TENTHS, dtype=np.int64)
        return Records(readings.sites, readings.instants, readings.power_w * 10, constant)


if __name__ == "__main__":
    vars(main)["Fleet"] = ConstantFleet
    main.main()
