"""Measure the chain on this machine: docs/benchmark.md explains what, and what for."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmark import document, results, tables
from tests.benchmark.amqp import Channel
from tests.benchmark.datasets import written
from tests.benchmark.gates import all_reached, verdicts
from tests.benchmark.ground import Ground
from tests.benchmark.latency import PACES, latency, start_up
from tests.benchmark.machine import machine
from tests.benchmark.results import Chain, Datasets, Result, Run, Scale
from tests.benchmark.rounds import one_round
from tests.benchmark.scale import runs
from tests.benchmark.seeing import seeing
from tests.benchmark.sizes import FULL, QUICK, Size
from tests.benchmark.weight import weight

from pvsim_local.rabbitmq import RabbitNode

RUN = Path.cwd() / ".run"


def main() -> None:
    """Print tables and a verdict for each gate; exit code 1 where one is missed."""
    options = _options(sys.argv[1:])
    size = QUICK if options.quick else FULL
    RUN.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of each `with`, so that nothing is left running
    begin = time.monotonic()
    result = measured(size, scale=options.scale)
    results.write(RUN / "bench.json", result)
    if options.write:
        document.write(result)
    for name, lines in tables.tables(result).items():
        print("", name, *lines, sep="\n")
    print(f"\nIt took {time.monotonic() - begin:.0f} s; all of it is in {RUN.name}/bench.json.")
    sys.exit(not all_reached(verdicts(result)))


def measured(size: Size, *, scale: bool) -> Result:
    """Measure with a broker of its own: the chain and data sets, or the chain with ever more homes."""
    # Beside the journals of make run, and not in /tmp, which may be memory: durability has to cost what it costs.
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=RUN) as directory,
        RabbitNode(Path(directory) / "broker") as node,
    ):
        ground = Ground(node, Path(directory) / "leg")
        if scale:
            return Result(scale=of_scale(ground, size))
        return Result(datasets=of_datasets(ground, size), chain=of_chain(ground, size))


def of_chain(ground: Ground, size: Size) -> Chain:
    """The legs, round by round, and what else there is to know of the chain."""
    found = Chain(machine=machine(broker=_version(ground.node)), rounds=size.rounds)
    for number in range(size.rounds):
        found.start_up_s.append(start_up(ground.fresh()))
        for run in one_round(ground, size):
            _say(f"round {number + 1} of {size.rounds}", run)
            found.runs.append(run)
    found.latencies = [latency(ground.fresh(), pace, seconds=size.latency_s) for pace in PACES]
    found.weight = weight(ground.fresh().directory)
    found.seeing = seeing(ground.fresh().directory) if size.looks else None
    return found


def of_scale(ground: Ground, size: Size) -> Scale:
    """The chain with ever more homes."""
    found = Scale(machine=machine(broker=_version(ground.node)))
    for homes, run in runs(ground, size.homes):
        _say("scale", run)
        found.runs[homes] = run
    return found


def of_datasets(ground: Ground, size: Size) -> Datasets:
    """Data sets in each format."""
    found = Datasets(machine=machine(), homes=size.dataset.homes)
    found.written = [written(ground.fresh().directory, name, size.dataset) for name in size.formats]
    return found


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round instead of five, in two minutes")
    parser.add_argument("--scale", action="store_true", help="the chain with 1 to 100,000 homes instead")
    parser.add_argument("--write", action="store_true", help="write docs/benchmark.* and the tables of other documents")
    return parser.parse_args(words)


def _version(node: RabbitNode) -> str:
    with Channel(node.url) as channel:
        return channel.broker_version


def _say(when: str, run: Run) -> None:
    print(f"{when}: {run.leg} {run.rate:,.0f}/s in {run.wall_s:.1f} s", flush=True)


if __name__ == "__main__":
    main()
