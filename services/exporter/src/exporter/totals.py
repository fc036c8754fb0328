"""What one journal says in sum: the newest power of each site, energy since the first record, and the day."""

import threading
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from exporter.day import Curve, Day
from exporter.heads import Heads
from exporter.records import Records
from exporter.sites import Sites
from pvsim_common.checkpoint import Checkpoint
from pvsim_common.energy import Energies, EnergyTotals
from pvsim_common.newest import NewestPowers

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


@dataclass(frozen=True)
class Today:
    """A site's day, or the fleet's, at one moment."""

    instant: int  # of the newest record [ms since 1970]
    powers_w: tuple[float, float]  # newest: of the meter and of the plant
    date: date
    timezone: str
    begins: int  # [ms since 1970]
    ends: int
    energies_j: tuple[float, float, float, float]  # since midnight, as Energies
    curve: Curve


class Totals:
    """The totals of one journal. Its follower adds while others look, hence the lock."""

    def __init__(self, day: Day | None = None) -> None:
        self._lock = threading.Lock()
        self.names = Sites()
        self._energy = EnergyTotals()
        self._day = day or Day()
        self._newest = NewestPowers()
        self._records = 0
        self._invalid = 0
        self._newest_instant: int | None = None  # [ms since 1970]
        self.oldest: int | None = None
        """Where the records begin that were added, or added to the day before them [ms since 1970]."""

    @classmethod
    def after(cls, checkpoint: Checkpoint, day: Day) -> Self:
        """Totals that go on from a checkpoint, which says nothing of the day."""
        totals = cls(day)
        totals.names = Sites(checkpoint.sites)
        newest, meter, pv = np.array([checkpoint.newest, checkpoint.meter, checkpoint.pv], dtype=np.int64)
        totals._newest = NewestPowers.of(newest, meter, pv)
        totals._energy = EnergyTotals.of(newest, np.array(checkpoint.energy, dtype=np.int64))
        totals._records = checkpoint.records
        totals._newest_instant = max(checkpoint.newest, default=None)
        return totals

    def add(self, records: Records) -> None:
        """Add what follows in the journal."""
        with self._lock:
            self._records += len(records.sites)
            self._invalid += records.invalid
            if records.sites:
                sites = self.names.add(records.sites)
                elapsed, energies = self._energy.add(sites, records.instants, records.meter, records.pv)
                self._day.add(sites, records.instants, elapsed, energies)
                self._newest.keep(sites, records.instants, records.meter, records.pv)
                self._newest_instant = max(self._newest_instant or 0, int(records.instants.max()))
                self.oldest = int(records.instants.min()) if self.oldest is None else self.oldest

    def add_earlier(self, records: Records, heads: Heads) -> None:
        """Add to the day what stands in the journal right before all that was added; the sums hold it already."""
        with self._lock:
            sites = self.names.find(records.sites)
            if sites is None:
                return  # another journal's, or its checkpoint would know them
            elapsed, energies = EnergyTotals().add(sites, records.instants, records.meter, records.pv)
            self._day.add(*heads.met_by(sites, records))  # newest first: the day counts sites at its two ends
            self._day.add(sites, records.instants, elapsed, energies)
            self.oldest = int(records.instants.min())

    def known_sites(self) -> int:
        """How many sites have a record."""
        return len(self.names)

    def counts(self) -> tuple[int, int]:
        """How many records there are, and how many lines that are none."""
        return self._records, self._invalid

    def sites(self) -> list[str]:
        """The sites that have a record, those seen first first."""
        with self._lock:
            return self.names.names()

    def snapshot(self, *, sites: int) -> Snapshot:
        """The totals now, with the powers and energies of up to so many sites, those seen first."""
        with self._lock:
            sites = min(sites, len(self.names))
            powers = self._newest.powers(sites)
            meter, pv = powers / _UNITS_PER_WATT
            fleet_meter, fleet_pv = self._fleet_powers_w()
            net = (powers[0] - powers[1]) / _UNITS_PER_WATT
            return Snapshot(
                known_sites=len(self.names),
                sites=self.names.names(sites),
                powers_w=Powers(meter, pv, net),
                energies_j=Energies(*(energy[:sites] for energy in self._energy.energies())),
                fleet_powers_w=(fleet_meter, fleet_pv, round(fleet_meter - fleet_pv, 1)),
                fleet_energies_j=self._energy.fleet(),
                newest_instant=self._newest_instant,
                records=self._records,
                invalid=self._invalid,
            )

    def today(self, site: str | None) -> Today | None:
        """The day of a site, or of the fleet for None; None where there is no record."""
        with self._lock:
            day, at = self._day, self.names.index(site) if site is not None else None
            if self._newest_instant is None or day.date is None or (site is not None and at is None):
                return None
            return Today(
                instant=self._newest_instant if at is None else self._newest.instant(at),
                powers_w=self._fleet_powers_w() if at is None else self._powers_w(at),
                date=day.date,
                timezone=str(day.timezone),
                begins=day.begins,
                ends=day.ends,
                energies_j=day.sums.of_fleet() if at is None else day.sums.of_site(at),
                curve=day.curve(at),
            )

    def _powers_w(self, site: int) -> tuple[float, float]:
        meter, pv = self._newest.powers(site + 1)[:, site].tolist()
        return meter / _UNITS_PER_WATT, pv / _UNITS_PER_WATT

    def _fleet_powers_w(self) -> tuple[float, float]:
        meter, pv = self._newest.powers(len(self.names)).sum(axis=1).tolist()
        return meter / _UNITS_PER_WATT, pv / _UNITS_PER_WATT
