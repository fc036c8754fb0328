"""Energy from power: exact integer sums for the checkpoint and the counters alike."""

from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

MAX_GAP_MS = 3_600_000  # a longer gap is not bridged: nobody knows what happened in it

Ints = NDArray[np.int64]
_BEFORE_ALL = -1 - MAX_GAP_MS  # no instant is within a gap of it
_LONG_RUN = 100  # records: from there on it is faster not to sort
_UNITS_PER_JOULE = 10_000  # sums are kept in tenths of a watt x milliseconds
_LONGEST_TIME = 1 << 43  # later than any instant, in milliseconds


class Energies(NamedTuple):
    """Energy of each site [J]: drawn by the home, made by its plant, taken from the grid and fed into it."""

    meter: NDArray[np.float64]
    pv: NDArray[np.float64]
    imported: NDArray[np.float64]
    exported: NDArray[np.float64]


class EnergySums:
    """Sums of energies of sites; a site is known by its index."""

    def __init__(self) -> None:
        self._count = 0  # of sites; the array is longer, so that it seldom grows
        self._sums: Ints = np.zeros((4, 0), dtype=np.int64)

    @classmethod
    def of(cls, sums: Ints) -> Self:
        """Sums that go on from these: for each of the four energies that of each site [tenths of a watt x ms]."""
        made = cls()
        made._count, made._sums = sums.shape[1], sums.copy()
        return made

    def state(self) -> Ints:
        """A copy of the sums, to go on from later."""
        return self._sums[:, : self._count].copy()

    def add(self, sites: Ints, energies: Ints) -> None:
        """Add energies as energies_of gives them, of records of these site indexes."""
        if len(sites):
            self._grow(int(sites.max()) + 1)
            for sums, energy in zip(self._sums, energies, strict=True):
                np.add.at(sums, sites, energy)

    def of_sites(self) -> Energies:
        """Energy of every site known so far [J]."""
        return Energies(*(self._sums[:, : self._count] / _UNITS_PER_JOULE))

    def of_site(self, site: int) -> tuple[float, float, float, float]:
        """Energy of one site [J], as Energies; nothing where it is not known."""
        return self._joules(self._sums[:, site].tolist() if site < self._count else [0] * 4)

    def of_fleet(self) -> tuple[float, float, float, float]:
        """Energy of all sites together [J], as Energies."""
        return self._joules([sum(sums.tolist()) for sums in self._sums])

    @staticmethod
    def _joules(sums: list[int]) -> tuple[float, float, float, float]:
        meter, pv, imported, exported = (energy / _UNITS_PER_JOULE for energy in sums)
        return meter, pv, imported, exported

    def _grow(self, count: int) -> None:
        self._count = max(count, self._count)
        length = self._sums.shape[1]
        if count > length:
            more = max(count, 2 * length) - length
            self._sums = np.append(self._sums, np.zeros((4, more), dtype=np.int64), axis=1)


class Elapsed:
    """The time that each record stands for: since the newest earlier record of its site, at most one hour.

    A site's first record and a late one stand for none, so energies do not depend on how records are batched.
    """

    def __init__(self) -> None:
        self._newest: Ints = np.empty(0, dtype=np.int64)

    @classmethod
    def of(cls, newest: Ints) -> Self:
        """Goes on from each site's newest instant [ms since 1970]."""
        made = cls()
        made._newest = newest.copy()
        return made

    def state(self, count: int) -> Ints:
        """A copy of the newest instants of so many sites, to go on from later."""
        return self._newest[:count].copy()

    def add(self, sites: Ints, instants: Ints) -> Ints:
        """Take records in their order: site indexes, instants [ms since 1970]; the time of each [ms]."""
        if not len(sites):
            return np.empty(0, dtype=np.int64)
        self._grow(int(sites.max()) + 1)
        starts = np.flatnonzero(sites[1:] <= sites[:-1]) + 1  # of runs in which no site comes twice
        if len(starts) * _LONG_RUN > len(sites):
            return self._of_any(sites, instants)
        edges = [0, *starts.tolist(), len(sites)]
        return np.concatenate([self._of_distinct(sites[a:b], instants[a:b]) for a, b in pairwise(edges)])

    def _of_distinct(self, sites: Ints, instants: Ints) -> Ints:
        """Where no site comes twice there is nothing to sort: several times faster for messages of many sites."""
        newest = self._newest[sites]
        self._newest[sites] = np.maximum(newest, instants)
        return within_a_gap(instants - newest)

    def _of_any(self, sites: Ints, instants: Ints) -> Ints:
        order = np.argsort(sites, kind="stable")
        elapsed = np.empty(len(sites), dtype=np.int64)
        elapsed[order] = self._of_sorted(sites[order], instants[order])
        np.maximum.at(self._newest, sites, instants)
        return elapsed

    def _of_sorted(self, sites: Ints, instants: Ints) -> Ints:
        is_first = sites[1:] != sites[:-1]  # of its site here
        before = self._newest[sites]
        before[1:] = np.where(is_first, before[1:], instants[:-1])
        apart = np.r_[0, np.cumsum(is_first)] * _LONGEST_TIME  # what a site's newest is, the sites before do not tell
        newest = np.maximum.accumulate(before + apart) - apart
        return within_a_gap(instants - newest)

    def _grow(self, count: int) -> None:
        length = len(self._newest)
        if count > length:
            self._newest = np.append(self._newest, np.full(max(count, 2 * length) - length, _BEFORE_ALL))


class EnergyTotals:
    """Energy of sites since their first record: each record's power x the time it stands for."""

    def __init__(self) -> None:
        self._elapsed = Elapsed()
        self._sums = EnergySums()

    @classmethod
    def of(cls, newest: Ints, sums: Ints) -> Self:
        """Totals that go on from what `state` said, or a checkpoint."""
        made = cls()
        made._elapsed, made._sums = Elapsed.of(newest), EnergySums.of(sums)
        return made

    def state(self) -> tuple[Ints, Ints]:
        """Each site's newest instant [ms since 1970], and its four sums as Energies [tenths of a watt x ms]; copies."""
        sums = self._sums.state()
        return self._elapsed.state(sums.shape[1]), sums

    def add(self, sites: Ints, instants: Ints, meter: Ints, pv: Ints) -> tuple[Ints, Ints]:
        """Add records in their order: site indexes, instants [ms since 1970], powers [tenths of a watt].

        Returns the time that each of them stands for [ms], and their energies as energies_of gives them.
        """
        elapsed = self._elapsed.add(sites, instants)
        energies = energies_of(meter, pv, elapsed)
        self._sums.add(sites, energies)
        return elapsed, energies

    def energies(self) -> Energies:
        """Energy of every site known so far [J]."""
        return self._sums.of_sites()

    def fleet(self) -> tuple[float, float, float, float]:
        """The same for all sites together [J]."""
        return self._sums.of_fleet()


def energies_of(meter: Ints, pv: Ints, elapsed: Ints) -> Ints:
    """The four energies of records, as Energies but in tenths of a watt x ms, from powers [tenths of a watt]."""
    energies = np.empty((4, len(elapsed)), dtype=np.int64)  # filled in place: half the time of doing it readably
    np.multiply(meter, elapsed, out=energies[0])
    np.multiply(pv, elapsed, out=energies[1])
    net = energies[0] - energies[1]
    np.maximum(net, 0, out=energies[2])
    np.subtract(energies[2], net, out=energies[3])
    return energies


def within_a_gap(elapsed: Ints) -> Ints:
    """Times [ms] where they count: those of late or repeated records and of longer gaps are 0."""
    return np.where(elapsed.view(np.uint64) <= MAX_GAP_MS, elapsed, 0)  # without a sign, negative is beyond any gap
