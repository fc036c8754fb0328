"""Where a journal is read backwards: the first record of each site, until the one before it tells its time."""

import numpy as np

from exporter.records import Records
from pvsim_common.energy import Ints, energies_of, within_a_gap

_NONE = -1


class Heads:
    """The first record of each site in what was read so far: instant [ms], meter and PV [tenths of a watt]."""

    def __init__(self) -> None:
        self._heads: Ints = np.empty((3, 0), dtype=np.int64)

    def met_by(self, sites: Ints, earlier: Records) -> tuple[Ints, Ints, Ints, Ints]:
        """The heads of sites that the records before them hold, as Day.add takes them; those records have the new ones.

        The earlier records are in the journal's order, `sites` are the indexes of their sites.
        """
        self._grow(int(sites.max(initial=-1)) + 1)
        known, first = np.unique(sites, return_index=True)
        newest = np.full(self._heads.shape[1], _NONE)
        np.maximum.at(newest, sites, earlier.instants)
        met = known[self._heads[0, known] != _NONE]
        instants, meter, pv = self._heads[:, met]
        elapsed = within_a_gap(instants - newest[met])
        self._heads[:, known] = earlier.instants[first], earlier.meter[first], earlier.pv[first]
        return met, instants, elapsed, energies_of(meter, pv, elapsed)

    def _grow(self, count: int) -> None:
        length = self._heads.shape[1]
        if count > length:
            self._heads = np.append(self._heads, np.full((3, max(count, 2 * length) - length), _NONE), axis=1)
