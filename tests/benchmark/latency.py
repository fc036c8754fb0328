"""How long a reading takes from being published to being durable, at a steady pace; and how long a start takes."""

import time
from contextlib import ExitStack
from typing import NamedTuple

import numpy as np
from tests.benchmark.chain import TIMEOUT_S
from tests.benchmark.ground import Ground
from tests.benchmark.programs.pvsim_telling_delays import FILE
from tests.benchmark.results import Latency

from pvsim_common.segments import open_segment
from pvsim_local.waiting import until

_WARM_UP_S = 2  # while the meter compiles its first day, messages come late and in heaps


class Pace(NamedTuple):
    """Homes and the time between two readings of each [s]."""

    homes: int
    interval_s: float

    @property
    def rate(self) -> int:
        """Readings per second."""
        return round(self.homes / self.interval_s)


PACES = (Pace(1, 0.02), Pace(10, 0.01))


def latency(ground: Ground, pace: Pace, *, seconds: int) -> Latency:
    """Delays at real time, a message for each reading."""
    file = ground.directory / "delays"
    journal = {"journal_directory": ground.journal}
    telling = ground.service("pvsim", journal, program="pvsim_telling_delays", environment={FILE: str(file)})
    settings = {
        "homes": pace.homes,
        "interval_s": pace.interval_s,
        "sites_per_message": 1,
        "duration": _WARM_UP_S + seconds,
    }
    messages = pace.rate * (_WARM_UP_S + seconds)
    with telling:
        until(lambda: telling.get("/readyz")[0] == 200, timeout_s=TIMEOUT_S)
        with ground.service("meter", settings):
            until(lambda: _count(ground) == messages, timeout_s=TIMEOUT_S, every_s=0.5)
        telling.stop(timeout_s=30)
    delays_ms = np.loadtxt(file)[pace.rate * _WARM_UP_S :]
    p50, p99, most = np.percentile(delays_ms, [50, 99, 100]).round(2).tolist()
    return Latency(rate=pace.rate, messages=len(delays_ms), p50_ms=p50, p99_ms=p99, most_ms=most)


def start_up(ground: Ground) -> float:
    """Seconds from starting the three services, as they are by default, to the first line in the journal."""
    with ExitStack() as stack:
        begin = time.perf_counter()
        for name in ("pvsim", "exporter"):
            stack.enter_context(ground.service(name, {"journal_directory": ground.journal}))
        stack.enter_context(ground.service("meter", {}))
        until(lambda: _count(ground), timeout_s=TIMEOUT_S, every_s=0.02)
        return time.perf_counter() - begin


def _count(ground: Ground) -> int:
    """Lines of the open segment."""
    path = open_segment(ground.journal)
    return path.read_bytes().count(b"\n") if path.exists() else 0
