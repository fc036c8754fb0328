"""Energy from power: exact integer sums for the checkpoint and the counters alike."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_GAP_MS = 3_600_000  # a longer gap is not bridged: nobody knows what happened in it

Ints = NDArray[np.int64]
_BEFORE_ALL = np.iinfo(np.int64).min
_UNITS_PER_JOULE = 10_000  # sums are kept in tenths of a watt x milliseconds
_LONGEST_TIME = 1 << 43  # later than any instant, in milliseconds


class Energies(NamedTuple):
    """Energy of each site [J]: drawn by the home, made by its plant, taken from the grid and fed into it."""

    meter: NDArray[np.float64]
    pv: NDArray[np.float64]
    imported: NDArray[np.float64]
    exported: NDArray[np.float64]


class EnergyTotals:
    """Energy of sites since their first record; a site is known by its index.

    Energy of a record = its power x the time since the newest earlier record of the site, where that is at most
    one hour. A site's first record and a late one add nothing, so the sums do not depend on how records are batched.
    """

    def __init__(self) -> None:
        self._count = 0  # of sites; the arrays are longer, so that they seldom grow
        self._newest: Ints = np.empty(0, dtype=np.int64)
        self._sums: Ints = np.empty((4, 0), dtype=np.int64)

    def add(self, sites: Ints, instants: Ints, meter: Ints, pv: Ints) -> None:
        """Add records in their order: site indexes, instants [ms since 1970], powers [tenths of a watt]."""
        if not len(sites):
            return
        self._grow(int(sites.max()) + 1)
        order = np.argsort(sites, kind="stable")
        sites, instants, meter, pv = sites[order], instants[order], meter[order], pv[order]
        elapsed = self._elapsed(sites, instants)
        net = meter - pv
        for sums, power in zip(self._sums, (meter, pv, np.maximum(net, 0), np.maximum(-net, 0)), strict=True):
            np.add.at(sums, sites, power * elapsed)
        np.maximum.at(self._newest, sites, instants)

    def energies(self) -> Energies:
        """Energy of every site known so far [J]."""
        return Energies(*(self._sums[:, : self._count] / _UNITS_PER_JOULE))

    def fleet(self) -> tuple[float, float, float, float]:
        """The same for all sites together [J]."""
        meter, pv, imported, exported = (sum(sums.tolist()) / _UNITS_PER_JOULE for sums in self._sums)
        return meter, pv, imported, exported

    def _elapsed(self, sites: Ints, instants: Ints) -> Ints:
        """Milliseconds since the newest earlier record of the same site; 0 where they do not count."""
        first = np.r_[True, sites[1:] != sites[:-1]]
        group = np.cumsum(first) - 1
        before = self._newest[sites]
        shifted = np.where(first, 0, np.r_[0, instants[:-1]]) + group * _LONGEST_TIME
        newest_in_batch = np.maximum.accumulate(shifted) - group * _LONGEST_TIME  # of the site's earlier records here
        elapsed = instants - np.maximum(newest_in_batch, np.maximum(before, -_LONGEST_TIME))
        known = ~first | (before != _BEFORE_ALL)
        return np.where(known & (elapsed > 0) & (elapsed <= MAX_GAP_MS), elapsed, 0)

    def _grow(self, count: int) -> None:
        self._count = max(count, self._count)
        more = max(count, 2 * len(self._newest)) - len(self._newest) if count > len(self._newest) else 0
        if more:
            self._newest = np.append(self._newest, np.full(more, _BEFORE_ALL))
            self._sums = np.append(self._sums, np.zeros((4, more), dtype=np.int64), axis=1)
