"""What one journal says in sum: the newest power of each site, and energy since the first record."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.records import Records
from pvsim_common.energy import Energies, EnergyTotals, Ints

_UNITS_PER_WATT = 10


class Powers(NamedTuple):
    """Newest power of each site [W]: drawn by the home, made by its plant, and the difference."""

    meter: NDArray[np.float64]
    pv: NDArray[np.float64]
    net: NDArray[np.float64]


@dataclass(frozen=True)
class Snapshot:
    """Totals at one moment: of the sites asked for, and of the fleet, which is all sites."""

    known_sites: int
    sites: list[str]  # some of the known, those seen first
    powers_w: Powers
    energies_j: Energies
    fleet_powers_w: tuple[float, float, float]  # as Powers
    fleet_energies_j: tuple[float, float, float, float]  # as Energies
    newest_instant: int | None  # [ms since 1970]
    records: int
    invalid: int


class Totals:
    """The totals of one journal. Its follower adds while scrapes take snapshots, hence the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._indexes: defaultdict[str, int] = defaultdict()
        self._indexes.default_factory = self._indexes.__len__  # a site seen for the first time gets the next index
        self._energy = EnergyTotals()
        self._newest: Ints = np.empty(0, dtype=np.int64)  # instant of each site's powers
        self._powers: Ints = np.empty((2, 0), dtype=np.int64)  # meter and pv [tenths of a watt]
        self._records = 0
        self._invalid = 0
        self._newest_instant: int | None = None  # [ms since 1970]

    def add(self, records: Records) -> None:
        """Add what follows in the journal."""
        with self._lock:
            self._records += len(records.sites)
            self._invalid += records.invalid
            if records.sites:
                indexes = self._indexes
                sites = np.array([indexes[site] for site in records.sites], dtype=np.int64)
                self._energy.add(sites, records.instants, records.meter, records.pv)
                self._keep_newest(sites, records)

    def known_sites(self) -> int:
        """How many sites have a record."""
        return len(self._indexes)

    def snapshot(self, *, sites: int) -> Snapshot:
        """The totals now, with the powers and energies of up to so many sites, those seen first."""
        with self._lock:
            sites = min(sites, len(self._indexes))
            meter, pv = self._powers[:, :sites] / _UNITS_PER_WATT
            fleet_meter, fleet_pv = (int(power.sum()) for power in self._powers)
            net = (self._powers[0, :sites] - self._powers[1, :sites]) / _UNITS_PER_WATT
            return Snapshot(
                known_sites=len(self._indexes),
                sites=list(islice(self._indexes, sites)),
                powers_w=Powers(meter, pv, net),
                energies_j=Energies(*(energy[:sites] for energy in self._energy.energies())),
                fleet_powers_w=(
                    fleet_meter / _UNITS_PER_WATT,
                    fleet_pv / _UNITS_PER_WATT,
                    (fleet_meter - fleet_pv) / _UNITS_PER_WATT,
                ),
                fleet_energies_j=self._energy.fleet(),
                newest_instant=self._newest_instant,
                records=self._records,
                invalid=self._invalid,
            )

    def _keep_newest(self, sites: Ints, records: Records) -> None:
        """Keep the power of each site's newest instant: records may come late, and then say nothing of now."""
        self._grow(len(self._indexes))
        order = np.argsort(records.instants, kind="stable")
        order = order[records.instants[order] >= self._newest[sites[order]]]
        sites = sites[order]
        self._newest[sites] = records.instants[order]  # of equal indexes the last one counts
        self._powers[:, sites] = records.meter[order], records.pv[order]
        self._newest_instant = max(self._newest_instant or 0, int(records.instants.max()))

    def _grow(self, count: int) -> None:
        more = max(count, 2 * len(self._newest)) - len(self._newest) if count > len(self._newest) else 0
        if more:
            self._newest = np.append(self._newest, np.full(more, -1, dtype=np.int64))
            self._powers = np.append(self._powers, np.zeros((2, more), dtype=np.int64), axis=1)
