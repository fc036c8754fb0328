"""The legs of the benchmark: each runs real processes against the same broker and measures them."""

import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pika
import psutil
from tests.benchmark.measurement import CpuClock, LineCounter, Measurement, peak_mib

from pvsim_local.marks import marked
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

TIMEOUT_S = 180.0
_ONE_FILE = {"segment_size": "1TiB"}  # lines are counted in the open segment
START = "2026-06-21T10:00:00+00:00"  # noon in Munich: every plant is at work


def classic(node: RabbitNode, directory: Path, *, readings: int) -> Measurement:
    """The safe classic, see baseline.py."""
    file = directory / "classic.jsonl"
    command = [sys.executable, str(Path(__file__).with_name("baseline.py"))]
    broker = _broker(node)
    with ExitStack() as stack:
        publisher, recorder = (
            stack.enter_context(_Child([*command, role, node.url, str(readings), str(file)]))
            for role in ("publish", "record")
        )
        begin = float(_first_line(publisher))
        clock = CpuClock({"meter": [_process(publisher)], "pvsim": [_process(recorder)], "broker": broker})
        peak = peak_mib(recorder.pid)
        wall_s = _wait_for(file, readings, clock) - begin
        return Measurement("classic", readings, wall_s, clock.seconds(), {"pvsim": peak})


def chain(node: RabbitNode, directory: Path, *, leg: str, homes: int, instants: int) -> Measurement:
    """This project: meter at speed 0, broker, pvsim with its model and full durability."""
    readings = homes * instants
    per_message = {"one": 1, "thousand": 1000}[leg]
    with ExitStack() as stack:
        pvsim = stack.enter_context(
            _service("pvsim", node, directory, journal_directory=directory / "journal", **_ONE_FILE)
        )
        until(lambda: pvsim.get("/readyz")[0] == 200, timeout_s=TIMEOUT_S)
        broker = _broker(node)
        run = {"speed": 0, "homes": homes, "duration": instants, "start": START, "sites_per_message": per_message}
        meter = stack.enter_context(_service("meter", node, directory, **run))
        event = until(lambda: meter.events("run_begun"), timeout_s=TIMEOUT_S, every_s=0.005)[0]
        clock = CpuClock({"meter": [_process(meter.process)], "pvsim": [_process(pvsim.process)], "broker": broker})
        begin = datetime.fromisoformat(str(event["timestamp"])).timestamp()
        wall_s = _wait_for(directory / "journal" / "results.jsonl", readings, clock) - begin
        measured = Measurement(leg, readings, wall_s, clock.seconds(), {"pvsim": peak_mib(pvsim.process.pid)})
        _expect(meter.wait(timeout_s=TIMEOUT_S), "meter")
        _expect(pvsim.stop(), "pvsim")
        return measured


def forget_all(node: RabbitNode) -> None:
    """Delete the queues, so that the next leg finds neither readings nor a position of another."""
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        for queue in ("readings.0", "readings.quarantine", "meter.0.position", "baseline"):
            connection.channel().queue_delete(queue)


def start_up(node: RabbitNode, directory: Path) -> float:
    """Seconds from starting the three services, as they are by default, to the first line in the journal."""
    journal = directory / "journal"
    with ExitStack() as stack:
        begin = time.monotonic()
        for name, settings in {
            "pvsim": {"journal_directory": journal},
            "exporter": {"journal_directory": journal},
        }.items():
            stack.enter_context(_service(name, node, directory, **settings))
        stack.enter_context(_service("meter", node, directory))
        until(LineCounter(journal / "results.jsonl").count, timeout_s=TIMEOUT_S, every_s=0.02)
        return time.monotonic() - begin


def _service(name: str, node: RabbitNode, directory: Path, **settings: object) -> ServiceProcess:
    arguments = {"http-port": 0} | {key.replace("_", "-"): value for key, value in settings.items()}
    secrets = {} if name == "exporter" else {"PVSIMULATOR_BROKER_URL": node.url}
    return ServiceProcess(name, directory / f"{name}.log", arguments, secrets)


class _Child(subprocess.Popen[str]):
    """A process that is killed at the latest when the block ends."""

    def __init__(self, command: list[str]) -> None:
        super().__init__(command, stdout=subprocess.PIPE, text=True)

    def __exit__(self, *error: object) -> None:
        self.kill()
        self.wait()
        if self.stdout:
            self.stdout.close()


def _first_line(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError("the baseline ended before it was connected")
    return line


def _process(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> psutil.Process:
    return psutil.Process(process.pid)


def _broker(node: RabbitNode) -> list[psutil.Process]:
    return marked(node.directory)


def _wait_for(file: Path, lines: int, clock: CpuClock) -> float:
    """Wait until the file has so many lines; the time then [s since 1970]."""
    counter = LineCounter(file)

    def complete() -> bool:
        clock.sample()
        return counter.count() >= lines

    until(complete, timeout_s=TIMEOUT_S, every_s=0.02)
    return time.time()


def _expect(returncode: int, name: str) -> None:
    if returncode != 0:
        raise RuntimeError(f"{name} ended with exit code {returncode}")
