"""The chain with ever more homes: what a reading costs, and how much memory each service has."""

import time
from collections.abc import Iterator, Mapping

import msgspec
import psutil
from tests.benchmark.chain import TIMEOUT_S, chain
from tests.benchmark.ground import Ground
from tests.benchmark.instruments import cpu_s, peak_mib
from tests.benchmark.load import Load
from tests.benchmark.results import Run

from pvsim_local.waiting import until

_REST_S, _REST_CPU_S = 1.0, 0.1


def runs(ground: Ground, homes: Mapping[int, int]) -> Iterator[tuple[int, Run]]:
    """A run of each number of homes, with so many instants."""
    for count, instants in homes.items():
        run = chain(ground.fresh(), f"{count:,} homes", Load(count, instants))
        yield count, msgspec.structs.replace(run, peak_mib=run.peak_mib | {"exporter": exporter_mib(ground)})


def exporter_mib(ground: Ground) -> float:
    """The most memory of an exporter that reads the finished journal: beside the others it would take their time."""
    with ground.service("exporter", {"journal_directory": ground.journal}) as exporter:
        until(lambda: exporter.get("/readyz")[0] == 200, timeout_s=TIMEOUT_S)
        process = psutil.Process(exporter.process.pid)
        until(lambda: _rests(process), timeout_s=TIMEOUT_S)  # by then it has read the day back, too
        return peak_mib(process.pid)


def _rests(process: psutil.Process) -> bool:
    before = cpu_s({"": [process]})[""]
    time.sleep(_REST_S)
    return cpu_s({"": [process]})[""] - before < _REST_CPU_S
