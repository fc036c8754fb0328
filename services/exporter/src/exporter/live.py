"""What the live page shows: now and today, of a site or of the fleet, from all journals together."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from exporter.day import Curve, Floats
from exporter.follower import Follower
from exporter.following import read_share
from exporter.pvsim_status import Status
from exporter.totals import Today


class EnergyToday(msgspec.Struct, frozen=True):
    """Energy since midnight [J]."""

    meter: float
    pv: float
    imported: float
    exported: float


class Pipeline(msgspec.Struct, frozen=True):
    """How the chain is doing."""

    last_write_age_s: float | None
    stale: bool
    readings_per_s: float
    records: int | None
    read_share: float | None
    invalid_lines: int
    quarantined: int | None
    discarded: int | None
    pvsim: str


class Partition(msgspec.Struct, frozen=True):
    """Which part of the sites a journal holds."""

    partition: int
    partitions: int


class Now(msgspec.Struct, frozen=True):
    """The newest record of a site or of the fleet, its energy today, and the pipeline; powers in watts."""

    timestamp_ms: int | None
    meter_w: float | None
    pv_w: float | None
    net_w: float | None
    energy_today_j: EnergyToday
    self_consumption: float | None
    self_sufficiency: float | None
    loaded_from_ms: int | None
    sites: int
    pipeline: Pipeline
    journals: list[Partition]
    bins: list[tuple[int, float, float]] = []


@dataclass(frozen=True)
class Sight:
    """All that a page may show at one moment."""

    now: Now
    today: Today | None


class Live:
    """Looks at what the followers know; it keeps nothing but the names in their order."""

    def __init__(self, followers: Sequence[Follower], *, stale_after_s: float) -> None:
        self._followers = followers
        self._stale_after_s = stale_after_s
        self._names: list[str] = []

    def look(self, site: str | None, status: Status) -> Sight:
        """What there is to see of a site, or of the fleet for None."""
        days = [today for follower in self._followers if (today := follower.now.today(site)) is not None]
        today = together(days)
        meter, pv, imported, exported = today.energies_j if today else (0.0, 0.0, 0.0, 0.0)
        loaded_from = [follower.loaded_from for follower in self._followers]
        now = Now(
            timestamp_ms=today.instant if today else None,
            meter_w=today.powers_w[0] if today else None,
            pv_w=today.powers_w[1] if today else None,
            net_w=round(today.powers_w[0] - today.powers_w[1], 1) if today else None,
            energy_today_j=EnergyToday(meter, pv, imported, exported),
            self_consumption=(pv - exported) / pv if pv else None,
            self_sufficiency=(meter - imported) / meter if meter else None,
            loaded_from_ms=max((instant for instant in loaded_from if instant is not None), default=None),
            sites=self._known_sites(),
            pipeline=self._pipeline(status),
            journals=[Partition(i.partition, i.partitions) for f in self._followers if (i := f.identity) is not None],
        )
        return Sight(now, today)

    def sites(self, query: str, limit: int) -> list[str]:
        """Up to so many sites whose name holds the query: those that begin with it first, numbers in their order."""
        if len(self._names) != self._known_sites():
            names = {name for follower in self._followers for name in follower.now.sites()}
            self._names = sorted(names, key=_natural)
        found = [name for name in self._names if query in name]
        return sorted(found, key=lambda name: not name.startswith(query))[:limit]

    def _known_sites(self) -> int:
        return sum(follower.now.known_sites() for follower in self._followers)

    def _pipeline(self, status: Status) -> Pipeline:
        share = read_share(self._followers)
        totals = [follower.totals.counts() for follower in self._followers if follower.totals is not None]
        now_s = time.monotonic()
        age = self._last_write_age_s()
        return Pipeline(
            last_write_age_s=age,
            stale=age is not None and age > self._patience_s(),
            readings_per_s=sum(follower.pace.per_second(now_s) for follower in self._followers),
            records=sum(records for records, _ in totals) if share is None else None,
            read_share=share,
            invalid_lines=sum(invalid for _, invalid in totals),
            quarantined=status.quarantined,
            discarded=status.discarded,
            pvsim=status.word,
        )

    def _last_write_age_s(self) -> float | None:
        """Seconds since the last write to any of the journals."""
        writes = [written for follower in self._followers if (written := follower.last_write_s) is not None]
        return max(time.time() - max(writes), 0.0) if writes else None

    def _patience_s(self) -> float:
        """How old the last write may be: as long as is set, but three times as long as it usually takes at least."""
        gaps = [gap for follower in self._followers if (gap := follower.pace.usual_gap_s()) is not None]
        return max([self._stale_after_s, *(3 * gap for gap in gaps)])


def together(days: Sequence[Today]) -> Today | None:
    """The newest day of several journals, with the powers and energies of all of them; None where there is none."""
    if len(days) < 2:
        return days[0] if days else None
    newest = max(days, key=lambda day: day.instant)
    same = [day for day in days if day.begins == newest.begins and day.ends == newest.ends]
    meter, pv = np.sum([day.powers_w for day in days], axis=0).tolist()
    energies = np.sum([day.energies_j for day in same], axis=0).tolist()
    return Today(
        instant=newest.instant,
        powers_w=(meter, pv),
        date=newest.date,
        timezone=newest.timezone,
        begins=newest.begins,
        ends=newest.ends,
        energies_j=(energies[0], energies[1], energies[2], energies[3]),
        curve=Curve(_sum([day.curve.meter for day in same]), _sum([day.curve.pv for day in same])),
    )


def _sum(curves: Sequence[Floats]) -> Floats:
    """The sum of curves; not a number only where all of them are not."""
    stacked = np.stack(curves)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
