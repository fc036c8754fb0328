"""The gates: what has to be reached, each with its goal, its figure and the verdict."""

from collections.abc import Callable, Iterable, Iterator
from operator import ge, le
from typing import NamedTuple

from tests.benchmark.results import Chain, Result, Run, Scale

MANY, FEW = 100_000, 1000  # homes whose cost per reading is compared
Compare = Callable[[float, float], bool]
_SYMBOLS: dict[Compare, str] = {ge: "≥", le: "≤"}


class Verdict(NamedTuple):
    """A figure, its goal, and whether it is reached."""

    what: str
    goal: str
    figure: str
    reached: bool


class Gate(NamedTuple):
    """A figure that has to be at least, or at most, a goal; the format is the figure's and the goal's."""

    what: str
    figure: float
    compare: Compare
    goal: float
    format: str = "{:,.2f}"

    def verdict(self) -> Verdict:
        """What becomes of it."""
        goal, figure = (self.format.format(number) for number in (self.goal, self.figure))
        return Verdict(self.what, f"{_SYMBOLS[self.compare]} {goal}", figure, self.compare(self.figure, self.goal))


def verdicts(result: Result) -> list[Verdict]:
    """The verdict of each gate whose section was measured."""
    gates = [*_of_chain(result.chain), *_of_scale(result.scale)]
    return [gate.verdict() for gate in gates]


def cost(run: Run) -> float:
    """CPU seconds of meter, broker and pvsim for 10,000 readings."""
    return sum(run.cpu_per_10000(process) for process in ("meter", "broker", "pvsim"))


def _of_chain(chain: Chain | None) -> Iterator[Gate]:
    if chain is not None:
        yield from _ratios(chain)
        yield from _cpu(chain)
        yield from _memory(chain)
        yield from _times(chain)
        yield from _looks(chain)


def _ratios(chain: Chain) -> Iterator[Gate]:
    rate = {leg: chain.of(leg, lambda run: run.rate) for leg in {run.leg for run in chain.runs}}
    whole = "{:,.0f}"
    yield Gate("B(1) / A1, readings/s", rate["B(1)"] / rate["A1"], ge, 100, whole)
    yield Gate("B(1) / A2, readings/s", rate["B(1)"] / rate["A2"], ge, 15, "{:,.1f}")
    yield Gate("B(1) / C(1), messages/s", rate["B(1)"] / rate["C(1)"], ge, 0.6)
    yield Gate("B(1000), readings/s", rate["B(1000)"], ge, 200_000, whole)
    yield Gate("B(1000) with exporter, readings/s", rate["B(1000) with exporter"], ge, 150_000, whole)
    yield Gate("B(1000) / the same with a constant for a model", rate["B(1000)"] / rate["B(1000) constant"], ge, 0.6)
    yield Gate("B(1000) / the same without fdatasync", rate["B(1000)"] / rate["B(1000) without sync"], ge, 0.85)


def _cpu(chain: Chain) -> Iterator[Gate]:
    goals = {"meter": ("B(1000)", 0.04), "pvsim": ("B(1000)", 0.05), "exporter": ("B(1000) with exporter", 0.03)}
    for process, (leg, goal) in goals.items():
        figure = chain.of(leg, lambda run, process=process: run.cpu_per_10000(process))  # type: ignore[misc]
        yield Gate(f"{process}: CPU [s] for 10,000 readings, {leg}", figure, le, goal, "{:.3f}")


def _memory(chain: Chain) -> Iterator[Gate]:
    for process, goal in {"meter": 120, "pvsim": 250}.items():
        figure = max(run.peak_mib[process] for run in chain.runs if run.leg.startswith("B(1000)"))
        yield Gate(f"{process}: memory [MiB] at 1,000 homes, the most of all runs", figure, le, goal, "{:,.0f}")


def _times(chain: Chain) -> Iterator[Gate]:
    for latency in chain.latencies:
        if latency.rate == 50:
            yield Gate("publish to durable at 50/s, p99 [ms]", latency.p99_ms, le, 50, "{:,.1f}")
    lag_s = chain.of("B(1000) with exporter", lambda run: run.lag_s or 0.0)
    yield Gate("exporter behind pvsim after a run at full speed [s]", lag_s, le, 2, "{:.1f}")
    yield Gate("from start to the first line [s], the most of all starts", max(chain.start_up_s), le, 8, "{:.1f}")


def _looks(chain: Chain) -> Iterator[Gate]:
    seeing = chain.seeing
    if seeing is not None:
        yield Gate("a scrape of 1,000 sites [ms]", 1000 * seeing.scrape_s, le, 100, "{:,.0f}")
        yield Gate("a scrape of 1,000 sites [MB]", seeing.scrape_bytes / 1e6, le, 1)
        yield Gate("live page of 1,000 sites has its day [ms]", 1000 * seeing.first_event_s, le, 1000, "{:,.0f}")
        yield Gate("exporter: memory [MiB] with a day of 1,000 sites", seeing.peak_mib, le, 150, "{:,.0f}")
        yield Gate("50 open live pages [percent of a core]", 100 * seeing.pages_cpu, le, 10, "{:.1f}")


def _of_scale(scale: Scale | None) -> Iterator[Gate]:
    if scale is not None and {FEW, MANY} <= scale.runs.keys():
        few, many = scale.runs[FEW], scale.runs[MANY]
        yield Gate("CPU for a reading, 100,000 homes / 1,000 homes", cost(many) / cost(few), le, 1.15)
        for process in ("meter", "pvsim"):
            yield Gate(f"{process}: memory [MiB] at 100,000 homes", many.peak_mib[process], le, 1536, "{:,.0f}")


def all_reached(found: Iterable[Verdict]) -> bool:
    """Whether no gate was missed."""
    return all(verdict.reached for verdict in found)
