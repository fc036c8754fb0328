"""Legs A, C and the disk: what others do, and what can be done at all."""

import os
import time
from pathlib import Path

import msgspec
import psutil
from tests.benchmark.ground import Child, Ground
from tests.benchmark.instruments import cpu_s, difference
from tests.benchmark.results import Run

BATCH_LINES = 5000  # as many as pvsim writes at once


def challenge(ground: Ground, *, readings: int) -> Run:
    """A1: see programs/challenge.py."""
    return _counted(ground, "A1", "challenge", readings)


def safe_classic(ground: Ground, *, readings: int) -> Run:
    """A2: see programs/safe_classic.py."""
    return _counted(ground, "A2", "safe_classic", readings)


def ceiling(ground: Ground, *, count: int, messages: int, size: int) -> Run:
    """C: see programs/ceiling.py. A message of this size [bytes] stands for so many readings."""
    run = _pair(ground, f"C({count})", "ceiling", messages, size)
    readings = count * messages
    return msgspec.structs.replace(run, readings=readings, handled=dict.fromkeys(run.handled, readings))


def disk(ground: Ground, line: bytes, *, batches: int) -> Run:
    """Write and sync batches of lines, as pvsim does with what it has computed."""
    content = line * BATCH_LINES
    begin_cpu, begin = time.process_time(), time.perf_counter()
    with (ground.directory / "lines.jsonl").open("ab", buffering=0) as file:
        for _ in range(batches):
            file.write(content)
            os.fdatasync(file.fileno())
    wall_s, readings = time.perf_counter() - begin, batches * BATCH_LINES
    used = {"pvsim": time.process_time() - begin_cpu}
    return Run(leg="disk", readings=readings, wall_s=wall_s, cpu_s=used, handled={"pvsim": readings})


def _counted(ground: Ground, leg: str, program: str, readings: int) -> Run:
    """A leg that writes a line for each reading. Raises RuntimeError where there are more or fewer lines."""
    file = ground.directory / f"{program}.jsonl"
    run = _pair(ground, leg, program, readings, file)
    lines = len(file.read_bytes().splitlines())
    if lines != readings:
        raise RuntimeError(f"{leg} wrote {lines} lines instead of {readings}")
    return run


def _pair(ground: Ground, leg: str, program: str, count: int, last: Path | int) -> Run:
    """Two processes: one publishes, the other records; each says when it begins, the latter also when it ends."""
    broker = ground.broker()
    with Child(program, "record", ground.node.url, count, last) as recorder:
        recorder.line()
        with Child(program, "publish", ground.node.url, count, last) as publisher:
            begin = float(publisher.line())
            groups = {"meter": [_process(publisher)], "pvsim": [_process(recorder)], "broker": broker}
            before = cpu_s(groups)
            wall_s = float(recorder.line()) - begin
            used = difference(cpu_s(groups), before)
    return Run(leg=leg, readings=count, wall_s=wall_s, cpu_s=used, handled=dict.fromkeys(used, count))


def _process(child: Child) -> psutil.Process:
    return psutil.Process(child.pid)
