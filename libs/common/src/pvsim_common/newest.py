"""The newest powers of sites: records may come late, and then say nothing of now."""

from typing import Self

import numpy as np

from pvsim_common.energy import Ints

_NEVER = -1


class NewestPowers:
    """For each site, known by its index, the powers of its newest instant."""

    def __init__(self) -> None:
        self._instants: Ints = np.empty(0, dtype=np.int64)
        self._powers: Ints = np.empty((2, 0), dtype=np.int64)

    @classmethod
    def of(cls, instants: Ints, meter: Ints, pv: Ints) -> Self:
        """Those that go on from each site's newest instant [ms since 1970] and powers [tenths of a watt]."""
        made = cls()
        made._instants, made._powers = instants.copy(), np.array([meter, pv], dtype=np.int64)
        return made

    def keep(self, sites: Ints, instants: Ints, meter: Ints, pv: Ints) -> None:
        """Take records in any order: site indexes, instants [ms since 1970], powers [tenths of a watt]."""
        if not len(sites):
            return
        self._grow(int(sites.max()) + 1)
        if (instants[1:] < instants[:-1]).any() or (instants < self._instants[sites]).any():
            order = np.argsort(instants, kind="stable")
            order = order[instants[order] >= self._instants[sites[order]]]
            sites, instants, meter, pv = sites[order], instants[order], meter[order], pv[order]
        self._instants[sites] = instants  # of equal indexes the last one counts
        self._powers[0, sites] = meter
        self._powers[1, sites] = pv

    def instant(self, site: int) -> int:
        """The newest instant of a site [ms since 1970]."""
        return int(self._instants[site])

    def powers(self, sites: int) -> Ints:
        """Meter and PV power of the first so many sites [tenths of a watt], in two rows; not to be changed."""
        return self._powers[:, :sites]

    def _grow(self, count: int) -> None:
        had = len(self._instants)
        if count > had:
            more = max(count, 2 * had) - had
            self._instants = np.append(self._instants, np.full(more, _NEVER, dtype=np.int64))
            self._powers = np.append(self._powers, np.zeros((2, more), dtype=np.int64), axis=1)
