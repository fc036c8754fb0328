"""The powers of homes as a block, which is how they are simulated and written."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.int64]

COLUMNS = ("meter", "pv", "total_power", "net_power")  # as in the journal


class Powers(NamedTuple):
    """Power of each home (rows) at each instant (columns), in tenths of a watt so that sums are exact."""

    meter: Block
    pv: Block

    def column(self, name: str) -> Block:
        """One of the journal's columns."""
        match name:
            case "total_power":
                return self.meter + self.pv
            case "net_power":
                return self.meter - self.pv
        return self.meter if name == "meter" else self.pv

    def by_instant(self, name: str) -> Block:
        """One of the journal's columns in its order: instant by instant, all homes of an instant together."""
        return np.ascontiguousarray(self.column(name).T).reshape(-1)
