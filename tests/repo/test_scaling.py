"""The figures of docs/scaling.md are those that make bench measured last."""

import re
from pathlib import Path
from statistics import median

import msgspec
import pytest
from tests.benchmark.gates import cost
from tests.benchmark.results import Chain, Result, Scale

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/scaling.md").read_text()
RESULT = msgspec.json.decode((ROOT / "docs/benchmark.json").read_bytes(), type=Result)


def rows(first: str, cells: int) -> list[list[str]]:
    """The other cells of each row that begins so and has so many more."""
    found = re.findall(rf"^\| {re.escape(first)} \|(.*)\|$", TEXT, re.MULTILINE)
    split = [[cell.strip() for cell in line.split("|")] for line in found]
    return [line for line in split if len(line) == cells]


@pytest.fixture
def chain() -> Chain:
    assert RESULT.chain
    return RESULT.chain


@pytest.fixture
def scale() -> Scale:
    assert RESULT.scale
    return RESULT.scale


@pytest.mark.parametrize("homes", [1, 1000, 10_000, 100_000])
def test_memory_is_what_was_measured(scale: Scale, homes: int) -> None:
    peaks = scale.runs[homes].peak_mib

    (said,) = rows(f"{homes:,}", 4)
    assert said[:3] == [f"{peaks[name]:.0f}" for name in ("meter", "pvsim", "exporter")]


@pytest.mark.parametrize("count", [1, 10, 100, 1000])
def test_rates_are_what_was_measured_to_two_digits(chain: Chain, count: int) -> None:
    (said,) = [cells for cells in rows(f"{count:,}", 2) if "," in cells[1]]
    measured = chain.of(f"B({count})", lambda run: run.rate)

    assert float(said[0].replace(",", "")) == pytest.approx(measured, rel=0.01)


def test_bytes_are_what_was_measured(chain: Chain) -> None:
    weight = chain.weight
    assert weight
    wire = " / ".join(f"{value:.0f}" for value in weight.wire.values())

    assert rows("on the wire, 1 / 10 / 100 / 1,000 a message", 1) == [[wire]]
    assert rows("journal, open segment", 1) == [[f"{weight.disk:.0f}"]]
    assert rows("journal, closed segment (zstd)", 1) == [[f"{weight.disk_compressed:.0f}"]]


def test_delays_are_what_was_measured(chain: Chain) -> None:
    slow, fast = chain.latencies

    assert f"{slow.p50_ms:.0f} ms in the median, {slow.p99_ms:.0f} ms at the 99th percentile at 50 messages/s" in TEXT
    assert f"{fast.p99_ms:.0f} ms at 1,000/s" in TEXT


def test_the_cost_of_many_homes_is_what_was_measured(scale: Scale) -> None:
    assert f"at 100,000 homes is {cost(scale.runs[100_000]) / cost(scale.runs[1000]):.2f} of that at 1,000" in TEXT


def test_pvsims_share_of_a_core_is_what_was_measured(chain: Chain) -> None:
    cpu = median(run.cpu_per_10000("pvsim") for run in chain.runs if run.leg == "B(1000)")

    assert rows("pvsim", 2)[0][0].endswith(f"to {cpu:.3f} s")
