"""The day of the newest record, in bins of a minute: the power of each site and of the fleet."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim_common.energy import EnergySums, Ints

BIN_MS = 60_000
_UNITS_PER_WATT = 10

Floats = NDArray[np.float64]


class Curve(NamedTuple):
    """Mean power in each bin of the day [W]; not a number where no record tells it."""

    meter: Floats
    pv: Floats


class Day:
    """Today, as the homes' calendar has it; it begins anew with the first record of a later day.

    A record belongs to the minute and the day of its timestamp. Its energy is its power x the time it stands for, so a
    bin's mean power is its energy / its time, whatever the interval. The fleet's curve holds all sites; of the sites
    themselves only the first `max_curves` have one, which takes its memory as the day goes on.
    """

    def __init__(self, timezone: tzinfo = UTC, *, max_curves: int = 10_000) -> None:
        self.timezone = timezone
        self.date: date | None = None
        self.begins, self.ends = 0, 0  # [ms since 1970]
        self.sums = EnergySums()
        self._max_curves = max_curves

    def add(self, sites: Ints, instants: Ints, elapsed: Ints, energies: Ints) -> None:
        """Add records: site indexes, instants [ms], times they stand for [ms], energies as energies_of gives them."""
        if not len(sites):
            return
        newest = int(instants.max())
        if newest >= self.ends:
            self._begin(newest)
        today = (instants >= self.begins) & (instants < self.ends) & (elapsed > 0)
        sites, elapsed, energies = sites[today], elapsed[today], energies[:, today]
        if not len(sites):
            return
        bins = (instants[today] - self.begins) // BIN_MS
        self.sums.add(sites, energies)
        self._add_to_fleet(sites, bins, elapsed, energies)
        kept = sites < self._max_curves
        where = sites[kept] * self._bins + bins[kept]
        for curves, values in zip(self._curves, (*energies[:2, kept], elapsed[kept]), strict=True):
            np.add.at(curves, where, values.astype(np.float32))

    def curve(self, site: int | None) -> Curve:
        """The curve of a site, or of the fleet for None; empty before the first record."""
        if self.date is None:
            return Curve(np.empty(0), np.empty(0))
        if site is None:
            return _curve(self._fleet[:2], self._fleet[2], np.maximum(self._fleet_sites, 1))
        if site >= self._max_curves:
            return Curve(*np.full((2, self._bins), np.nan))
        energies = self._curves[:, site * self._bins : (site + 1) * self._bins].astype(float)
        return _curve(energies[:2], energies[2], np.ones(self._bins))

    def _begin(self, newest: int) -> None:
        self.date = datetime.fromtimestamp(newest / 1000, self.timezone).date()
        self.begins = _midnight(self.date, self.timezone)
        self.ends = _midnight(self.date + timedelta(days=1), self.timezone)
        self.sums = EnergySums()
        self._bins = bins = -(-(self.ends - self.begins) // BIN_MS)
        # Energy of meter and PV [tenths of a watt x ms], and time [ms]. Zeros take no memory until they are touched;
        # single precision is enough for a curve.
        self._curves = np.zeros((3, self._max_curves * bins), dtype=np.float32)
        self._fleet = np.zeros((3, bins))
        self._fleet_sites = np.zeros(bins)  # how many sites are in each bin
        self._first_bin = np.empty(0, dtype=np.int64)  # of each site
        self._last_bin = np.empty(0, dtype=np.int64)

    def _add_to_fleet(self, sites: Ints, bins: Ints, elapsed: Ints, energies: Ints) -> None:
        for total, values in zip(self._fleet, (*energies[:2], elapsed), strict=True):
            total += np.bincount(bins, values, self._bins)
        self._grow(int(sites.max()) + 1)
        sites, bins = np.divmod(np.unique(sites * self._bins + bins), self._bins)
        new = (bins > self._last_bin[sites]) | (bins < self._first_bin[sites])
        self._fleet_sites += np.bincount(bins[new], minlength=self._bins)
        np.maximum.at(self._last_bin, sites, bins)
        np.minimum.at(self._first_bin, sites, bins)

    def _grow(self, count: int) -> None:
        length = len(self._last_bin)
        if count > length:
            more = max(count, 2 * length) - length
            self._first_bin = np.append(self._first_bin, np.full(more, self._bins))
            self._last_bin = np.append(self._last_bin, np.full(more, -1))


def _midnight(day: date, timezone: tzinfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=timezone).timestamp() * 1000)


def _curve(energies: Floats, time_ms: Floats, sites: Floats) -> Curve:
    """Mean power from energy and time, both of so many sites."""
    with np.errstate(invalid="ignore"):  # nothing in no time is not a number, as it should be
        power = energies * sites / time_ms / _UNITS_PER_WATT
    for at in np.flatnonzero(time_ms > 1.5 * BIN_MS * sites).tolist():  # records that stand for minutes before theirs
        earlier = slice(max(at - round(time_ms[at] / sites[at] / BIN_MS) + 1, 0), at)
        power[:, earlier] = np.where(np.isnan(power[:, earlier]), power[:, at : at + 1], power[:, earlier])
    return Curve(*power)
