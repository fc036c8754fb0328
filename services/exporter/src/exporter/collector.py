"""The journals' totals as Prometheus metrics, made at each scrape."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from exporter.follower import Follower
from exporter.totals import Snapshot, Totals

_POWERS = {  # in the order of Powers
    "meter": "Power drawn by {} at the newest reading [W].",
    "pv": "PV power of {} at the newest reading [W].",
    "net": "Power taken from the grid by {} at the newest reading, negative where fed into it [W].",
}
_ENERGIES = {  # in the order of Energies
    "meter": "Energy drawn by {} since the first record [J].",
    "pv": "PV energy of {} since the first record [J].",
    "import": "Energy taken from the grid by {} since the first record [J].",
    "export": "Energy fed into the grid by {} since the first record [J].",
}


class JournalCollector(Collector):
    """What the journals say, all of them together; a site is in one of them only."""

    def __init__(self, followers: Sequence[Follower], *, max_site_series: int, streams: Callable[[], int]) -> None:
        """Streams tells how many live pages are open."""
        self._followers = followers
        self._streams = streams
        self._lock = threading.Lock()
        self._max_site_series = max_site_series
        self._shown = [0] * len(followers)

    def collect(self) -> Iterator[Metric]:
        """The files at any time; what they say once all of it is read, or counters would step back at a restart."""
        writes = [written for follower in self._followers if (written := follower.last_write_s) is not None]
        yield _gauge("pvsim_page_streams", "Live pages that are open.", self._streams())
        yield _gauge("pvsim_journal_bytes", "Size of the journal's files.", sum(f.size for f in self._followers))
        if writes:
            yield _gauge(
                "pvsim_journal_last_write_timestamp_seconds", "When the journal was last written.", max(writes)
            )
        totals = [follower.totals for follower in self._followers if follower.totals is not None]
        if len(totals) == len(self._followers):
            yield from self._contents(totals)

    def _contents(self, totals: list[Totals]) -> Iterator[Metric]:
        shown = self._allot([journal.known_sites() for journal in totals])
        snapshots = [journal.snapshot(sites=sites) for journal, sites in zip(totals, shown, strict=True)]
        known = sum(snapshot.known_sites for snapshot in snapshots)
        yield _gauge("pvsim_sites", "Sites that have a record.", known)
        yield _gauge("pvsim_sites_hidden", "Sites without series of their own, beyond the limit.", known - sum(shown))
        yield _counter("pvsim_journal_records", "Records in the journal.", sum(s.records for s in snapshots))
        yield _counter(
            "pvsim_journal_invalid_lines", "Lines of the journal that are no record.", sum(s.invalid for s in snapshots)
        )
        instants = [s.newest_instant for s in snapshots if s.newest_instant is not None]
        if instants:
            newest = max(instants) / 1000
            yield _gauge("pvsim_reading_timestamp_seconds", "Instant of the newest record, simulated.", newest)
            yield from _fleet(snapshots)
            yield from _sites(snapshots)

    def _allot(self, known: list[int]) -> list[int]:
        """How many sites of each journal to show, those seen first; one that is shown stays shown."""
        with self._lock:
            shown = [min(count, now) for count, now in zip(self._shown, known, strict=True)]
            for at, now in enumerate(known):
                shown[at] += min(now - shown[at], self._max_site_series - sum(shown))
            self._shown = shown
            return shown


def _fleet(snapshots: list[Snapshot]) -> Iterator[Metric]:
    powers = np.sum([snapshot.fleet_powers_w for snapshot in snapshots], axis=0)
    for (name, text), power_w in zip(_POWERS.items(), powers, strict=True):
        yield _gauge(f"pvsim_fleet_{name}_power_watts", text.format("all sites"), power_w)
    energies = np.sum([snapshot.fleet_energies_j for snapshot in snapshots], axis=0)
    for (name, text), energy_j in zip(_ENERGIES.items(), energies, strict=True):
        yield _counter(f"pvsim_fleet_{name}_energy_joules", text.format("all sites"), energy_j)


def _sites(snapshots: list[Snapshot]) -> Iterator[Metric]:
    for at, (name, text) in enumerate(_POWERS.items()):
        gauge = GaugeMetricFamily(f"pvsim_{name}_power_watts", text.format("a site"), labels=["site"])
        for snapshot in snapshots:
            _add_sites(gauge, snapshot.sites, snapshot.powers_w[at].tolist())
        yield gauge
    for at, (name, text) in enumerate(_ENERGIES.items()):
        counter = CounterMetricFamily(f"pvsim_{name}_energy_joules", text.format("a site"), labels=["site"])
        for snapshot in snapshots:
            _add_sites(counter, snapshot.sites, snapshot.energies_j[at].tolist())
        yield counter


def _add_sites(family: GaugeMetricFamily | CounterMetricFamily, sites: list[str], values: Iterable[float]) -> None:
    for site, value in zip(sites, values, strict=True):
        family.add_metric([site], value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)
