"""Measure several partitions, or very many homes, on this machine: python -m tests.benchmark.partitions --help."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pika
import psutil
from tests.benchmark.ground import Ground
from tests.benchmark.instruments import cpu_s, difference, peak_mib, value
from tests.benchmark.load import START

from pvsim_common.broker.queues import readings_queue
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

RUN = Path.cwd() / ".run"
_RECORDED = 'pvsim_readings_consumed_total{outcome="recorded"}'
_TIMEOUT_S = 600.0


class Measured(NamedTuple):
    """One run with a number of partitions."""

    partitions: int
    first_s: float  # from the meter's start to the end of the first instant
    rate: float  # readings a second from there on
    cpu: dict[str, float]  # seconds for 10,000 readings: of the meter, of all pvsims, of the broker
    peak_mib: dict[str, float]  # of the meter, of the largest pvsim

    def line(self) -> str:
        """As a row of a table."""
        cpu = " | ".join(f"{self.cpu[name]:.3f}" for name in ("meter", "pvsim", "broker"))
        memory = " | ".join(f"{self.peak_mib[name]:,.0f}" for name in ("meter", "pvsim"))
        return f"| {self.partitions} | {self.rate:,.0f} | {cpu} | {memory} | {self.first_s:.1f} |"


def main() -> None:
    """Print a row for each number of partitions."""
    options = _options(sys.argv[1:])
    RUN.mkdir(exist_ok=True)
    print("| partitions | readings/s | CPU [s] for 10,000: meter | pvsim | broker | MiB: meter | a pvsim | first [s] |")
    with (
        tempfile.TemporaryDirectory(prefix="partitions-", dir=RUN) as directory,
        RabbitNode(Path(directory) / "broker") as node,
    ):
        for partitions in options.partitions:
            ground = Ground(node, Path(directory) / "leg").fresh()
            print(measured(ground, partitions, options).line(), flush=True)
            _forget(node, partitions)


def measured(ground: Ground, partitions: int, options: argparse.Namespace) -> Measured:
    """Run as fast as it goes until every pvsim together has recorded all readings."""
    readings = options.homes * options.instants
    with ExitStack() as stack:
        pvsims = [stack.enter_context(_pvsim(ground, number, partitions)) for number in range(partitions)]
        for pvsim in pvsims:
            until(lambda pvsim=pvsim: pvsim.get("/readyz")[0] == 200, timeout_s=_TIMEOUT_S)  # type: ignore[misc]
        begin = time.perf_counter()
        meter = stack.enter_context(ground.service("meter", _run(options, partitions)))
        groups = {
            "meter": [psutil.Process(meter.process.pid)],
            "pvsim": [psutil.Process(pvsim.process.pid) for pvsim in pvsims],
            "broker": ground.broker(),
        }
        peaks = {"meter": 0.0, "pvsim": 0.0}
        first = _wait_for(options.homes, pvsims, groups, peaks)
        first_s, at, before = time.perf_counter() - begin, time.perf_counter(), cpu_s(groups)
        last = _wait_for(readings, pvsims, groups, peaks)
        wall_s, used = time.perf_counter() - at, difference(cpu_s(groups), before)
    cpu = {name: seconds / (last - first) * 10_000 for name, seconds in used.items()}
    return Measured(partitions, first_s, (last - first) / wall_s, cpu, peaks)


def _pvsim(ground: Ground, number: int, partitions: int) -> ServiceProcess:
    journal = ground.journal / str(number)
    return ground.service("pvsim", {"journal_directory": journal, "partition": number, "partitions": partitions})


def _run(options: argparse.Namespace, partitions: int) -> dict[str, object]:
    return {
        "speed": 0,
        "homes": options.homes,
        "interval_s": options.interval,
        "duration": options.instants * options.interval,
        "start": START,
        "partitions": partitions,
    }


def _wait_for(
    readings: int,
    pvsims: list[ServiceProcess],
    groups: dict[str, list[psutil.Process]],
    peaks: dict[str, float],
) -> int:
    """Wait until so many are recorded; how many are."""

    def recorded() -> int:
        for name, found in peaks.items():
            living = [process.pid for process in groups[name] if process.is_running()]
            peaks[name] = max([found, *map(peak_mib, living)])
        count = sum(value(pvsim.get("/metrics")[1], _RECORDED) for pvsim in pvsims)
        return count if count >= readings else 0

    return until(recorded, timeout_s=_TIMEOUT_S, every_s=0.05)


def _forget(node: RabbitNode, partitions: int) -> None:
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        for number in range(partitions):
            connection.channel().queue_delete(readings_queue(number).name)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--homes", type=int, default=1000)
    parser.add_argument("--instants", type=int, default=3000)
    parser.add_argument("--interval", type=int, default=1, help="seconds between two instants")
    parser.add_argument("--partitions", type=int, nargs="+", default=[1, 2, 4])
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
