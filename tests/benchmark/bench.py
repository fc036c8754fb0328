"""Measure the chain on this machine: make bench, or make bench ARGS=--quick for less than a minute."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.benchmark import legs
from tests.benchmark.check import check
from tests.benchmark.report import Result, verdict_line
from tests.benchmark.seeing import seeing

from pvsim_local.rabbitmq import RabbitNode

RUN = Path.cwd() / ".run"


class Size(NamedTuple):
    """How much to measure."""

    rounds: int
    classic: int  # readings
    one: tuple[int, int]  # homes and instants at one reading a message
    thousand: tuple[int, int]  # the same at a thousand


QUICK = Size(rounds=1, classic=1000, one=(100, 100), thousand=(1000, 300))
FULL = Size(rounds=3, classic=3000, one=(100, 300), thousand=(1000, 1000))


def main() -> None:
    """Print one table and a verdict per goal; exit code 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round instead of three")
    size = QUICK if parser.parse_args().quick else FULL
    RUN.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of each `with`, so that nothing is left running
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, load of the last 1, 5 and 15 minutes: {load}", flush=True)
    # Beside the journals of make run, and not in /tmp, which may be memory: durability has to cost what it costs.
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=RUN) as directory,
        RabbitNode(Path(directory) / "broker") as node,
    ):
        result = measure(node, Path(directory), size)
    verdicts = result.verdicts()
    print("", result.table(), "", *map(verdict_line, verdicts), sep="\n")
    print(f"\nAt one reading a message the chain is {result.ratio():.1f} times as fast as the classic.")
    print(f"{result.lines_checked:,} lines of the journals counted, and a sample of them computed again: all right.")
    result.write(RUN / "bench.json")
    sys.exit(not all(verdict.reached for verdict in verdicts))


def measure(node: RabbitNode, directory: Path, size: Size) -> Result:
    """Run the legs in turn, so that what else the machine does falls upon all of them."""
    result = Result()
    for number in range(size.rounds):
        result.start_up_s.append(legs.start_up(node, _fresh(node, directory)))
        result.measurements.append(legs.classic(node, _fresh(node, directory), readings=size.classic))
        for leg, (homes, instants) in {"one": size.one, "thousand": size.thousand}.items():
            place = _fresh(node, directory)
            result.measurements.append(legs.chain(node, place, leg=leg, homes=homes, instants=instants))
            journal = place / "journal" / "results.jsonl"
            result.lines_checked += check(journal, homes=homes, instants=instants, start=legs.START)
        print(f"round {number + 1} of {size.rounds}: {_rates(result)}", flush=True)
    result.seeing = seeing(_fresh(node, directory))
    return result


def _fresh(node: RabbitNode, directory: Path) -> Path:
    """An empty directory and no queues for a leg; what the one before wrote is deleted."""
    legs.forget_all(node)
    place = directory / "leg"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    return place


def _rates(result: Result) -> str:
    return ", ".join(f"{m.leg} {m.rate:,.0f}/s" for m in result.measurements[-3:])


if __name__ == "__main__":
    main()
