"""The tables of a result, for a terminal and for the documents alike."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from tests.benchmark.gates import Verdict, verdicts
from tests.benchmark.results import Chain, Datasets, Machine, Result, Run, Scale

PROCESSES = ("meter", "pvsim", "broker", "exporter")
Row = Sequence[str]


def tables(result: Result) -> dict[str, list[str]]:
    """Every table whose section was measured, by its name."""
    made: dict[str, list[str]] = {"gates": gates(verdicts(result))}
    if sections := sections_of(result):
        made["machine"] = machines(sections)
    if result.chain:
        made["legs"] = legs(result.chain)
        made |= {"latency": latency(result.chain), "weight": weight(result.chain)}
    if result.scale:
        made |= {"scale": scale(result.scale)}
    if result.datasets:
        made |= {"datasets": datasets(result.datasets)}
    return made


def gates(found: Iterable[Verdict]) -> list[str]:
    """Each gate with goal, figure and verdict."""
    rows = [(v.what, v.goal, v.figure, "reached" if v.reached else "**missed**") for v in found]
    return table(("gate", "goal", "figure", "verdict"), rows)


def sections_of(result: Result) -> dict[str, Machine]:
    """Where each section was measured."""
    rounds = f"legs, rounds: {result.chain.rounds}" if result.chain else ""
    sections = {rounds: result.chain, "ever more homes": result.scale, "data sets": result.datasets}
    return {name: section.machine for name, section in sections.items() if section}


def machines(sections: Mapping[str, Machine]) -> list[str]:
    """Where and when each section was measured."""
    rows = [
        (
            name,
            measured.measured,
            f"{measured.cpu}, {measured.cores} cores, {measured.memory_gib:g} GiB, {measured.system}",
            ", ".join(f"{library} {version}" for library, version in measured.versions.items()),
            ", ".join(f"{value:.1f}" for value in measured.load_before),
        )
        for name, measured in sections.items()
    ]
    return table(("section", "measured", "machine", "versions", "load before (1, 5, 15 minutes)"), rows)


def legs(chain: Chain) -> list[str]:
    """The median of each leg, the least and the greatest rate, CPU and memory."""
    head = ("leg", "readings/s", "least–greatest", "wall [s]", "CPU [s] for 10,000: meter", *PROCESSES[1:])
    names = dict.fromkeys(run.leg for run in chain.runs)
    return table((*head, "memory [MiB]: meter", "pvsim", "exporter"), [_leg(chain, name) for name in names])


def latency(chain: Chain) -> list[str]:
    """From publish to durable, at each pace."""
    rows = [
        (f"{each.rate}/s", f"{each.messages:,}", f"{each.p50_ms:.1f}", f"{each.p99_ms:.1f}", f"{each.most_ms:.1f}")
        for each in chain.latencies
    ]
    return table(("pace", "messages", "p50 [ms]", "p99 [ms]", "most [ms]"), rows)


def weight(chain: Chain) -> list[str]:
    """What a reading weighs."""
    if chain.weight is None:
        return []
    wire = {f"wire, {count} a message": size for count, size in chain.weight.wire.items()}
    named = wire | {"journal": chain.weight.disk, "closed segment (zstd)": chain.weight.disk_compressed}
    return table(("where", "bytes a reading"), [(name, f"{size:.1f}") for name, size in named.items()])


def scale(measured: Scale) -> list[str]:
    """A row for each number of homes."""
    head = ("homes", "readings", "readings/s", "CPU [s] for 10,000: meter", "pvsim", "broker")
    more = (
        "memory [MiB]: meter",
        "pvsim",
        "exporter",
        "first line [s]",
        "CPU until then [s]: meter",
        "pvsim",
        "checkpoint",
    )
    return table((*head, *more), [_scale(homes, run) for homes, run in sorted(measured.runs.items())])


def datasets(measured: Datasets) -> list[str]:
    """A row for each format."""
    head = ("format", "rows", "rows/s", "CPU [s] for 10,000", "share of the model", "of encoding and writing")
    rows = [
        (
            each.format,
            f"{each.rows:,}",
            f"{each.rows / each.wall_s:,.0f}",
            f"{each.cpu_s / each.rows * 10_000:.3f}",
            f"{each.model_cpu_s / each.cpu_s:.0%}",
            f"{1 - each.model_cpu_s / each.cpu_s:.0%}",
            f"{each.start_cpu_s:.1f}",
            f"{each.bytes / each.rows:.1f}",
            f"{each.peak_mib:,.0f}",
        )
        for each in measured.written
    ]
    return table((*head, "start, CPU [s]", "bytes a row", "memory [MiB]"), rows)


def table(head: Row, rows: Sequence[Row]) -> list[str]:
    """A table in Markdown whose columns are as wide as their longest cell, so that it is one on a terminal, too."""
    widths = [max(map(len, cells)) for cells in zip(head, *rows, strict=True)]
    lines = [head, tuple("-" * max(3, width) for width in widths), *rows]
    return [f"| {' | '.join(map(str.ljust, cells, widths))} |" for cells in lines]


def compact(lines: Sequence[str]) -> list[str]:
    """The same table as it stands in documents, where a wider cell changes its own line only."""
    return [re.sub(r"-{3,}", "---", re.sub(r" +\|", " |", line)) for line in lines]


def replaced(text: str, name: str, lines: list[str]) -> str:
    """A document with another table, compact, between the marks of this name; as it is where it has none."""
    begin, end = f"<!-- begin {name}: written by make bench ARGS=--write -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return pattern.sub(lambda _: "\n".join([begin, *compact(lines), end]), text)


def _leg(chain: Chain, name: str) -> Row:
    runs = [run for run in chain.runs if run.leg == name]
    rates = [run.rate for run in runs]
    cells = [f"{median(rates):,.0f}", f"{min(rates):,.0f}–{max(rates):,.0f}", f"{median(r.wall_s for r in runs):.2f}"]
    cells += [_median(runs, lambda run, p=process: run.cpu_per_10000(p), "{:.3f}") for process in PROCESSES]  # type: ignore[misc]
    memory = ("meter", "pvsim", "exporter")
    cells += [_median(runs, lambda run, p=process: run.peak_mib.get(p), "{:,.0f}") for process in memory]  # type: ignore[misc]
    return (name, *cells)


def _scale(homes: int, run: Run) -> Row:
    cells = [f"{homes:,}", f"{run.readings:,}", f"{run.rate:,.0f}"]
    cells += [f"{run.cpu_per_10000(process):.3f}" for process in PROCESSES[:3]]
    cells += [f"{run.peak_mib[process]:,.0f}" for process in ("meter", "pvsim", "exporter")]
    cells += [f"{run.first_line_s:.1f}"] + [f"{run.first_cpu_s[process]:.1f}" for process in PROCESSES[:2]]
    written = run.checkpoint_bytes is not None and run.checkpoint_s is not None
    return (*cells, f"{(run.checkpoint_bytes or 0) / 1e6:.2f} MB, {run.checkpoint_s:.2f} s" if written else "–")


def _median(runs: Sequence[Run], number: Callable[[Run], float | None], form: str) -> str:
    """A median; a dash where it was not measured."""
    numbers = [found for run in runs if (found := number(run)) is not None and found == found]
    return form.format(median(numbers)) if numbers else "–"
