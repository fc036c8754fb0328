"""What a journal holds in sum: the instants covered, each site's newest record, energies, and how many records."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from pvsim.coverage import Coverage, CoverageState
from pvsim.known_lists import KnownLists
from pvsim.readings import Readings
from pvsim.records import Records
from pvsim.shared_runs import share, unshare
from pvsim_common.checkpoint import Checkpoint, SharedRuns
from pvsim_common.energy import EnergyTotals
from pvsim_common.newest import NewestPowers

Ints = NDArray[np.int64]


class Contents:
    """Grows with each batch; a site's index is its place among those seen first."""

    def __init__(self) -> None:
        self._indexes: defaultdict[str, int] = defaultdict()
        self._indexes.default_factory = self._indexes.__len__  # a site seen for the first time gets the next index
        self._lists = KnownLists(self._looked_up)
        self._asked: list[str] = []
        self._answer: Ints = np.empty(0, dtype=np.int64)
        self.coverage = Coverage()
        self._energy = EnergyTotals()
        self._newest = NewestPowers()
        self.records = 0

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """What a checkpoint says. Raises ValueError where it makes no sense."""
        count = len(checkpoint.sites)
        made = cls()
        for site in checkpoint.sites:
            made._indexes[site]
        if len(made._indexes) != count:
            raise ValueError("`sites` names a site twice")
        made.coverage = Coverage.of(unshare(((shared.runs, shared.sites) for shared in checkpoint.coverage), count))
        columns = [checkpoint.newest, checkpoint.meter, checkpoint.pv]
        newest, meter, pv = np.array(columns, dtype=np.int64).reshape(3, count)
        made._newest = NewestPowers.of(newest, meter, pv)
        made._energy = EnergyTotals.of(newest, np.array(checkpoint.energy, dtype=np.int64).reshape(4, count))
        made.records = checkpoint.records
        return made

    def unseen(self, readings: Readings) -> NDArray[np.bool_]:
        """Which of these the journal does not hold; from now on it counts them as held."""
        if readings.lists:
            self._asked, self._answer = readings.sites, self._lists.of(readings.lists)
        return self.coverage.cover(self._indexes_of(readings.sites), readings.instants, readings.intervals)

    def add(self, records: Records) -> None:
        """Sum up records that were unseen, in the order they are written."""
        if records.sites:
            sites = self._indexes_of(records.sites)
            self._energy.add(sites, records.instants, records.meter, records.pv)
            self._newest.keep(sites, records.instants, records.meter, records.pv)
            self.records += len(sites)

    def read_back(self, records: Records) -> NDArray[np.bool_]:
        """Take records that are in the journal already; which of them stand there for the first time."""
        sites = self._indexes_of(records.sites)
        first = self.coverage.cover(sites, records.instants, np.zeros_like(sites))
        self.add(records)
        return first

    def sites(self) -> int:
        """How many sites have a record."""
        return len(self._indexes)

    def names(self) -> list[str]:
        """The sites, by their indexes."""
        return list(self._indexes)

    def snapshot(self, *, segment: int, size: int) -> "Snapshot":
        """A copy, as of the end of a segment, when those up to it have so many bytes."""
        newest, sums = self._energy.state()
        powers = self._newest.powers(len(newest)).copy()
        return Snapshot(segment, size, self.records, self.names(), self.coverage.state(), newest, powers, sums)

    def _indexes_of(self, sites: list[str]) -> Ints:
        """Their indexes; for the very same list again, as of readings and then of their records, those of before."""
        if sites is not self._asked:
            self._asked, self._answer = sites, self._looked_up(sites)
        return self._answer

    def _looked_up(self, sites: Sequence[str]) -> Ints:
        return np.fromiter(map(self._indexes.__getitem__, sites), dtype=np.int64, count=len(sites))


class Snapshot(NamedTuple):
    """Contents at the end of a segment; quick to take, so that another thread makes the checkpoint of it."""

    segment: int
    size: int  # [bytes]
    records: int
    sites: list[str]
    coverage: CoverageState
    newest: Ints
    powers: Ints
    sums: Ints

    def checkpoint(self) -> Checkpoint:
        """The checkpoint that says the same."""
        drawn, made, imported, exported = self.sums.tolist()
        meter, pv = self.powers.tolist()
        return Checkpoint(
            segment=self.segment,
            records=self.records,
            size=self.size,
            sites=self.sites,
            coverage=[SharedRuns(list(runs), sites) for runs, sites in share(self.coverage).items()],
            newest=self.newest.tolist(),
            meter=meter,
            pv=pv,
            energy=(drawn, made, imported, exported),
        )
