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
        if not today.all():
            sites, instants, elapsed, energies = sites[today], instants[today], elapsed[today], energies[:, today]
        if len(sites):
            bins = (instants - self.begins) // BIN_MS
            self.sums.add(sites, energies)
            self._add_to_fleet(sites, bins, elapsed, energies)
            self._add_to_curves(sites, bins, elapsed, energies)

    def curve(self, site: int | None) -> Curve:
        """The curve of a site, or of the fleet for None; empty before the first record."""
        if self.date is None:
            return Curve(np.empty(0), np.empty(0))
        if site is None:
            return _curve(self._fleet[:2], self._fleet[2], np.maximum(self._fleet_sites, 1))
        if site >= self._max_curves:
            return Curve(*np.full((2, self._bins), np.nan))
        curve = self._curves.reshape(-1, self._bins, 3)[site].T.astype(float)
        return _curve(curve[:2], curve[2], np.ones(self._bins))

    def _begin(self, newest: int) -> None:
        self.date = datetime.fromtimestamp(newest / 1000, self.timezone).date()
        self.begins = _midnight(self.date, self.timezone)
        self.ends = _midnight(self.date + timedelta(days=1), self.timezone)
        self.sums = EnergySums()
        self._bins = bins = -(-(self.ends - self.begins) // BIN_MS)
        # Energy of meter and PV [tenths of a watt x ms] and time [ms] of each site's bin, side by side as it is used.
        # Zeros take no memory until they are touched; single precision is enough for a curve.
        self._curves = np.zeros(self._max_curves * bins * 3, dtype=np.float32)
        self._fleet = np.zeros((3, bins))
        self._fleet_sites = np.zeros(bins)  # how many sites are in each bin
        self._first_bin = np.empty(0, dtype=np.int64)  # of each site
        self._last_bin = np.empty(0, dtype=np.int64)

    def _add_to_fleet(self, sites: Ints, bins: Ints, elapsed: Ints, energies: Ints) -> None:
        for total, values in zip(self._fleet, (*energies[:2], elapsed), strict=True):
            np.add.at(total, bins, values.astype(np.float64))
        self._grow(int(sites.max()) + 1)
        new = (bins > self._last_bin[sites]) | (bins < self._first_bin[sites])
        if new.any():
            sites, bins = np.divmod(np.unique(sites[new] * self._bins + bins[new]), self._bins)
            self._fleet_sites += np.bincount(bins, minlength=self._bins)
            np.maximum.at(self._last_bin, sites, bins)
            np.minimum.at(self._first_bin, sites, bins)

    def _add_to_curves(self, sites: Ints, bins: Ints, elapsed: Ints, energies: Ints) -> None:
        where = (sites * self._bins + bins) * 3
        columns = np.array((*energies[:2], elapsed), dtype=np.float32)
        if int(sites.max()) >= self._max_curves:
            kept = sites < self._max_curves
            where, columns = where[kept], columns[:, kept]
        for at, values in enumerate(columns):
            np.add.at(self._curves, where + at, values)

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
