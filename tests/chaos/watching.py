"""The exporter killed again and again while it is watched: its counters never step back, and they are right."""

import re
import time
from collections.abc import Mapping
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import Run, judge
from tests.recorded import segments
from tests.simulated import lines_of_all

from pvsim_common.messages import PowerRecord
from pvsim_common.segments import closed_segments
from pvsim_local.waiting import until

_ENERGY = r"pvsim_(?:fleet_)?(?:meter|pv|import|export)_energy_joules_total(?:\{[^}]*\})?"
_COUNTER = re.compile(rf"^({_ENERGY}|pvsim_journal_records_total) (\S+)$", re.MULTILINE)
_LOAD = Load(homes=20, sites_per_message=20, speed=100)  # 2,000 readings a second
_SETTINGS = {"segment_size": "256KiB", "retention_size": "100kB"}  # compressed: two or three of them stay
_BLOCK_S = 1000
_UNITS_PER_JOULE = 10_000


def watched(ground: Ground, *, kills: int) -> Outcome:
    """Kill the exporter so often, and pvsim a fifth as often, while segments are closed, compressed and removed."""
    outcome = Outcome(f"exporter killed {kills} ×, rotation and retention meanwhile")
    with Chain(ground, _LOAD, **_SETTINGS) as chain:
        exporter = chain.service("exporter", journal_directory=chain.journal)
        watch = Watch(exporter)
        for number in range(kills):
            exporter.start()
            until(watch.look, timeout_s=PATIENCE_S)
            watch.for_seconds(ground.random.uniform(0, 2.0))
            exporter.kill()
            if number % 5 == 4:
                chain.pvsim.kill()
                chain.pvsim.start()
        run = chain.end()
        exporter.start()
        expected = expected_counters(run)
        records = "pvsim_journal_records_total"
        until(lambda: watch.look() and watch.seen[records] >= expected[records], timeout_s=PATIENCE_S)
        closed = closed_segments(chain.journal)
        outcome.judged(judge(chain.journal, run, removed=len(run.sites) * run.seconds))
        outcome.facts |= {
            "kills of pvsim": kills // 5,
            "looks": watch.looks,
            "segments closed": max(closed, default=0),
            "removed by retention": min(closed, default=1) - 1,
            "of": len(segments(chain.journal)),
        }
    outcome.expect(outcome.facts["removed by retention"], "retention removed nothing")
    outcome.expect(not watch.steps_back, f"stepped back: {watch.steps_back[:3]}")
    outcome.violations += differences(watch.seen, expected)[:5]
    return outcome


class Exporter(Protocol):
    """What is looked at."""

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a GET request."""
        ...


class Watch:
    """Looks at an exporter's counters and remembers each."""

    def __init__(self, exporter: Exporter) -> None:
        self._exporter = exporter
        self.seen: dict[str, float] = {}
        self.steps_back: list[str] = []
        self.looks = 0

    def look(self) -> bool:
        """Take one look; whether there were any counters."""
        found = counters(self._exporter.get("/metrics")[1])
        for name, value in found.items():
            if value < self.seen.get(name, 0.0):
                self.steps_back.append(f"{name} from {self.seen[name]} to {value}")
        self.seen |= found
        self.looks += 1
        return bool(found)

    def for_seconds(self, seconds: float) -> None:
        """Look again and again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            time.sleep(0.02)


def counters(text: str) -> dict[str, float]:
    """The counters of energy and records in a text of /metrics."""
    return {name: float(value) for name, value in _COUNTER.findall(text)}


def expected_counters(run: Run) -> dict[str, float]:
    """The same counters after a whole run, from the model alone: every second but the first counts."""
    sums = np.zeros((4, len(run.sites)), dtype=np.int64)
    for begin in range(1, run.seconds, _BLOCK_S):
        seconds = np.arange(begin, min(begin + _BLOCK_S, run.seconds), dtype=np.int64)
        sums += _energies(lines_of_all(run.sites, run.first + 1000 * seconds, seed=run.seed), len(run.sites))
    found: dict[str, float] = {"pvsim_journal_records_total": float(run.seconds * len(run.sites))}
    for name, of_sites in zip(("meter", "pv", "import", "export"), sums.tolist(), strict=True):
        found[f"pvsim_fleet_{name}_energy_joules_total"] = sum(of_sites) / _UNITS_PER_JOULE
        for site, energy in zip(run.sites, of_sites, strict=True):
            found[f'pvsim_{name}_energy_joules_total{{site="{site}"}}'] = energy / _UNITS_PER_JOULE
    return found


def differences(found: Mapping[str, float], expected: Mapping[str, float]) -> list[str]:
    """Where two sets of counters differ, in words."""
    names = sorted(found.keys() | expected.keys())
    return [
        f"{name} is {found.get(name)}, not {expected.get(name)}"
        for name in names
        if found.get(name) != expected.get(name)
    ]  # fmt: skip


def _energies(lines: list[bytes], sites: int) -> NDArray[np.int64]:
    """Energy of each site [tenths of a watt x ms] of lines that are a second each, all sites at each instant."""
    records = msgspec.json.Decoder(PowerRecord).decode_lines(b"\n".join(lines))
    columns = np.array([(record.meter, record.pv, record.net_power) for record in records]) * 10_000
    meter, pv, net = np.rint(columns).astype(np.int64).reshape(-1, sites, 3).transpose(2, 0, 1)
    each = (meter, pv, np.maximum(net, 0), np.maximum(-net, 0))
    return 1000 * np.array([powers.sum(axis=0) for powers in each], dtype=np.int64)
