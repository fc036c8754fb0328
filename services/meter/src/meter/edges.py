"""The power of appliances over some hours, compiled to edges that a reading finds by one binary search."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from meter.stages import Changes
from meter.walltime import Ints

_TIME_BITS, _STEP_BITS = 27, 16  # 2^27 ms are more than a day, and a step is far from 2^15 W
_NO_STEP = 1 << (_STEP_BITS - 1)


class Edges(NamedTuple):
    """Where the power of homes changes; the edges of all homes in one sorted array of the shape [edges]."""

    begin: int  # [ms since 1970]
    keys: Ints  # row of the home and time since begin
    levels: NDArray[np.int32]  # power of the home from there on [W]

    def power(self, homes: int, instants: Ints) -> NDArray[np.int32]:
        """Power [W] of the first so many homes (rows) at instants [ms since 1970] (columns) that were compiled."""
        keys = (np.arange(homes)[:, np.newaxis] << _TIME_BITS) + (instants - self.begin)
        found = np.searchsorted(self.keys, keys.ravel(), side="right")
        return self.levels[found - 1].reshape(keys.shape)


def compiled(changes: Changes, *, homes: int, begin: int, end: int) -> Edges:
    """The edges of so many homes from begin to end [ms since 1970], at most 37 hours, of all changes of their power.

    Each home has an edge at the begin, which sums up the changes before it. A home, a time and a step are packed into
    one whole number, which is much faster to sort.
    """
    early = np.flatnonzero(changes.time < end)
    home, time, step = changes.home[early], np.maximum(changes.time[early] - begin, 0), changes.step[early]
    packed = np.concatenate([_packed(home, time, step), _packed(np.arange(homes), 0, 0)])
    packed.sort()
    keys = packed >> _STEP_BITS
    steps = (packed & ((1 << _STEP_BITS) - 1)) - _NO_STEP
    sums = np.cumsum(steps)
    first = np.searchsorted(keys, np.arange(homes) << _TIME_BITS)
    before = np.repeat(sums[first] - steps[first], np.diff(first, append=len(keys)))
    return Edges(begin, keys, (sums - before).astype(np.int32))


def _packed(home: Ints, time: Ints | int, step: Ints | int) -> Ints:
    return (((home << _TIME_BITS) + time) << _STEP_BITS) + (step + _NO_STEP)
