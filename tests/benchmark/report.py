"""The benchmark's result: a table for a person, a verdict for each goal, and JSON for later."""

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from operator import ge, le
from pathlib import Path
from statistics import median

from tests.benchmark.measurement import Measurement
from tests.benchmark.seeing import Seeing

TITLES = {
    "classic": "the classic: 1 reading a message",
    "one": "pvsimulator: 1 reading a message",
    "thousand": "pvsimulator: 1,000 readings a message",
}


@dataclass(frozen=True)
class Verdict:
    """A number, its goal, and whether it is reached."""

    what: str
    value: float
    goal: float
    reached: bool


@dataclass
class Result:
    """All that was measured."""

    measurements: list[Measurement] = field(default_factory=list)
    start_up_s: list[float] = field(default_factory=list)
    lines_checked: int = 0
    seeing: Seeing | None = None

    def of(self, leg: str, number: Callable[[Measurement], float]) -> float:
        """The median of a number over a leg's runs."""
        return median(number(measured) for measured in self.measurements if measured.leg == leg)

    def verdicts(self) -> list[Verdict]:
        """Each goal with what was reached."""
        peak = max(m.peak_mib["pvsim"] for m in self.measurements if m.leg != "classic")
        numbers = [
            ("readings/s at 1 a message", self.of("one", rate), ge, 5_000),
            ("readings/s at 1,000 a message", self.of("thousand", rate), ge, 50_000),
            ("MiB of memory that pvsim had at most", peak, le, 250),
            ("seconds from start to the first line", max(self.start_up_s), le, 8),
        ]
        if self.seeing is not None:
            numbers += [
                ("milliseconds a scrape of 1,000 sites takes", 1000 * self.seeing.scrape_s, le, 100),
                ("MB in a scrape of 1,000 sites", self.seeing.scrape_bytes / 1e6, le, 1),
                (
                    "milliseconds until a live page of 1,000 sites has its day",
                    1000 * self.seeing.first_event_s,
                    le,
                    1000,
                ),
                (
                    "MiB of memory that the exporter had at most, with a day of 1,000 sites",
                    self.seeing.peak_mib,
                    le,
                    150,
                ),
                ("percent of a core for 50 open live pages", 100 * self.seeing.pages_cpu, le, 10),
            ]
        return [Verdict(what, value, goal, compare(value, goal)) for what, value, compare, goal in numbers]

    def ratio(self) -> float:
        """How many times as fast as the classic the chain is, with the same one reading a message."""
        return self.of("one", rate) / self.of("classic", rate)

    def table(self) -> str:
        """What was measured, each number the median of its runs."""
        head = f"{'':<40}{'readings':>10}{'wall s':>8}{'readings/s':>12}   CPU s:{'meter':>7}{'pvsim':>7}{'broker':>8}"
        lines = [head + "   CPU s per 10,000:  meter  pvsim"]
        for leg, title in TITLES.items():
            cpu = [self.of(leg, lambda m, name=name: m.cpu_s[name]) for name in ("meter", "pvsim", "broker")]  # type: ignore[misc]
            readings = self.of(leg, lambda m: m.readings)
            each = "".join(f"{seconds / readings * 10_000:>7.3f}" for seconds in cpu[:2])
            numbers = f"{readings:>10,.0f}{self.of(leg, lambda m: m.wall_s):>8.2f}{self.of(leg, rate):>12,.0f}"
            lines.append(f"{title:<40}{numbers}         {cpu[0]:>7.2f}{cpu[1]:>7.2f}{cpu[2]:>8.2f}{'':>19}{each}")
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        """Write all of it as JSON."""
        machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "system": platform.platform()}
        verdicts = [asdict(verdict) for verdict in self.verdicts()]
        path.write_text(json.dumps({"machine": machine, "verdicts": verdicts, **asdict(self)}, indent=2) + "\n")


def rate(measured: Measurement) -> float:
    """Readings per second."""
    return measured.rate


def verdict_line(verdict: Verdict) -> str:
    """A verdict for a person."""
    reached = "reached" if verdict.reached else "MISSED"
    return f"  {reached:<9}{verdict.value:>12,.1f}  {verdict.what} (goal: {verdict.goal:,})"
