"""A function of one variable as a table with even steps, for where the function itself would take too long."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Curves(NamedTuple):
    """Functions of the same variable, linear between the points of the table and constant beyond its ends."""

    first: float
    points_per_unit: float
    values: Floats  # [functions, points]

    @classmethod
    def through(cls, x: Floats, *values: Floats) -> Self:
        """The curves through values at evenly spaced x."""
        return cls(float(x[0]), (len(x) - 1) / float(x[-1] - x[0]), np.array(values))

    def at(self, x: Floats) -> Floats:
        """The value of each function at each x: an array [functions, *shape of x]."""
        last = self.values.shape[1] - 1
        at = np.clip((x - self.first) * self.points_per_unit, 0, last)
        left = np.minimum(at.astype(np.int64), last - 1)
        share = at - left
        values = self.values.take(left, axis=1)
        return np.asarray(values + (self.values.take(left + 1, axis=1) - values) * share)
