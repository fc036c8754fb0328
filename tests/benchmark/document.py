"""What the documents tell of the newest result: docs/benchmark.md, its chart, and a table each in two others."""

from collections.abc import Mapping
from pathlib import Path

from tests.benchmark import chart, results, tables
from tests.benchmark.results import Chain, Result

ROOT = Path(__file__).parents[2]
RESULT = Path("docs/benchmark.json")
CHART = Path("docs/benchmark.svg")
DOCUMENTS = (Path("docs/benchmark.md"), Path("docs/dataset.md"), Path("README.md"))
_SHOWN = {
    "A1": "as the challenge is mostly solved",
    "A2": "the safe classic",
    "B(1)": "pvsimulator, 1 reading a message",
    "B(1000)": "pvsimulator, 1,000 readings a message",
    "B(1000) with exporter": "the same, with the exporter beside it",
}


def write(newer: Result, root: Path = ROOT) -> None:
    """Write what was measured into the documents; what was not stays as it was."""
    result = results.read(root / RESULT).updated(newer)
    results.write(root / RESULT, result)
    for path in DOCUMENTS:
        (root / path).write_text(filled((root / path).read_text(), result))
    if result.chain:
        chart.draw(result.chain, root / CHART)


def filled(text: str, result: Result) -> str:
    """A document with the tables of this result between its marks."""
    for name, lines in made(result).items():
        text = tables.replaced(text, name, lines)
    return text


def made(result: Result) -> Mapping[str, list[str]]:
    """Every table that a document can have."""
    short = {"speed": speed(result.chain)} if result.chain else {}
    return tables.tables(result) | short


def speed(chain: Chain) -> list[str]:
    """The few numbers of the README."""
    rows = []
    for leg, title in _SHOWN.items():
        rate = chain.of(leg, lambda run: run.rate)
        times = rate / chain.of("A2", lambda run: run.rate)
        cpu = [chain.of(leg, lambda run, p=p: run.cpu_per_10000(p)) for p in ("meter", "pvsim", "broker")]  # type: ignore[misc]
        rows.append((title, f"{rate:,.0f}", f"{times:,.1f}", *(f"{seconds:.3f}" for seconds in cpu)))
    head = ("", "readings/s", "times A2", "CPU [s] for 10,000: publisher", "recorder", "broker")
    return tables.table(head, rows)
