"""What the benchmark measured, as docs/benchmark.json holds it."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when a section was measured."""

    measured: str  # the day
    cpu: str
    cores: int
    memory_gib: float
    system: str
    versions: dict[str, str]
    load_before: tuple[float, float, float]  # of the last 1, 5 and 15 minutes


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one leg."""

    leg: str
    readings: int  # on disk in the time that is measured; messages in a leg without readings
    wall_s: float
    cpu_s: dict[str, float] = {}  # of each process in that time
    handled: dict[str, int] = {}  # readings each process dealt with in that time
    peak_mib: dict[str, float] = {}  # resident memory of each process since its start
    first_line_s: float | None = None  # from the meter's begin to the first line: connect, compile the first day
    first_cpu_s: dict[str, float] = {}  # what that took
    lag_s: float | None = None  # how long after pvsim the exporter had all of it
    checkpoint_bytes: int | None = None
    checkpoint_s: float | None = None

    @property
    def rate(self) -> float:
        """Readings per second."""
        return self.readings / self.wall_s

    def cpu_per_10000(self, process: str) -> float:
        """CPU seconds that a process takes for 10,000 readings; not a number where that was not measured."""
        return self.cpu_s[process] / self.handled[process] * 10_000 if self.handled.get(process) else float("nan")


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """From publishing a reading to its record being durable, at a steady pace."""

    rate: int  # messages of one reading a second
    messages: int
    p50_ms: float
    p99_ms: float
    most_ms: float


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading weighs [bytes]."""

    wire: dict[str, float]  # in a message's body, by readings a message
    disk: float
    disk_compressed: float


class Seeing(msgspec.Struct, frozen=True, kw_only=True):
    """What it costs to look."""

    scrape_s: float  # of 1,000 sites, wall
    scrape_bytes: int
    first_event_s: float  # from asking for the stream to the whole day
    peak_mib: float  # of the exporter, with a day of 1,000 sites
    pages_cpu: float  # of a core, for 50 open pages at one reading a second of three homes


class Chain(msgspec.Struct, kw_only=True):
    """The interleaved legs and what else is measured of the running chain."""

    machine: Machine
    rounds: int
    runs: list[Run] = []
    start_up_s: list[float] = []
    latencies: list[Latency] = []
    weight: Weight | None = None
    seeing: Seeing | None = None

    def of(self, leg: str, number: Callable[[Run], float]) -> float:
        """The median of a number over a leg's runs. Raises StatisticsError where there are none."""
        return median(number(run) for run in self.runs if run.leg == leg)


class Scale(msgspec.Struct, kw_only=True):
    """The chain with ever more homes."""

    machine: Machine
    runs: dict[int, Run] = {}  # by homes


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A data set that was written by one worker."""

    format: str
    rows: int
    wall_s: float  # without the start of Python
    start_cpu_s: float
    cpu_s: float  # without the start
    model_cpu_s: float  # of that, for the model
    bytes: int
    peak_mib: float


class Datasets(msgspec.Struct, kw_only=True):
    """Data sets by their formats."""

    machine: Machine
    homes: int
    written: list[Written] = []


class Result(msgspec.Struct, kw_only=True):
    """All sections; each is measured by itself."""

    chain: Chain | None = None
    datasets: Datasets | None = None
    scale: Scale | None = None

    def updated(self, newer: "Result") -> "Result":
        """The same with the sections that another has."""
        return Result(
            chain=newer.chain or self.chain,
            datasets=newer.datasets or self.datasets,
            scale=newer.scale or self.scale,
        )


def read(path: Path) -> Result:
    """A result that was written; an empty one where there is none."""
    return msgspec.json.decode(path.read_bytes(), type=Result) if path.exists() else Result()


def write(path: Path, result: Result) -> None:
    """Write a result so that a person can read it, too."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
