"""Leg B: this project, unpaced, as real processes; what it wrote is computed again afterwards."""

import sys
import time
from contextlib import ExitStack
from typing import NamedTuple

import psutil
from tests.benchmark import expected
from tests.benchmark.ground import Ground
from tests.benchmark.instruments import JournalEnd, cpu_s, difference, peak_mib, value
from tests.benchmark.load import FIRST, Load
from tests.benchmark.results import Run

from pvsim_common.segments import CHECKPOINT
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

TIMEOUT_S = 300.0
Groups = dict[str, list[psutil.Process]]  # the processes of each service, and of the broker
_PUBLISHED = 'pvsim_readings_published_total{outcome="confirmed"}'
_FOLLOWED = "pvsim_journal_records_total"


class Variant(NamedTuple):
    """What is different from the usual."""

    pvsim: str = ""  # programs instead of the services
    meter: str = ""
    with_exporter: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether a constant stands for the model."""
        return bool(self.meter)


class First(NamedTuple):
    """The end of the first instant, from which on it is measured; the meter's is its first confirm."""

    line_at: float  # when the first line was there
    at: float
    cpu_s: dict[str, float]  # of each process since its start
    handled: dict[str, int]  # readings of each process


USUAL = Variant()
WITHOUT_SYNC = Variant(pvsim="pvsim_without_sync")
CONSTANT = Variant(pvsim="pvsim_constant", meter="meter_constant")
WITH_EXPORTER = Variant(with_exporter=True)


def chain(ground: Ground, leg: str, load: Load, variant: Variant = USUAL) -> Run:
    """Run a load through the chain and measure it from the end of the first instant to the last line.

    Raises RuntimeError if the journal is not what it should be.
    """
    with Chain(ground, load, variant) as running:
        run = running.measured(leg)
    expected.check(ground.journal, load, constant=variant.is_constant)
    return run


class Chain:
    """The processes of a run."""

    def __init__(self, ground: Ground, load: Load, variant: Variant) -> None:
        self._ground, self._load, self._variant = ground, load, variant
        self._end = JournalEnd(ground.journal, first=FIRST, homes=load.homes)
        self._peaks = dict.fromkeys(("meter", "pvsim", "exporter"), 0.0)

    def __enter__(self) -> "Chain":
        with ExitStack() as stack:
            self._services = self._started(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        self._stack.close()
        for name, service in self._services.items() if isinstance(error, Exception) else ():
            print(f"{name} said last:\n{service.log()[-2000:]}", file=sys.stderr)  # the log goes with its directory

    def measured(self, leg: str) -> Run:
        """Wait for all of it; what it took."""
        groups = self._groups()
        before, begin = cpu_s(groups), time.perf_counter()
        first = self._first(groups)
        self._wait_for(self._load.readings)
        wall_s, ended = time.perf_counter() - first.at, cpu_s(groups)
        lag_s = self._lag_s()
        if lag_s is not None:
            ended["exporter"] = cpu_s(groups)["exporter"]  # its work ends only now
        checkpoint_s, checkpoint_bytes = self._checkpoint()
        self._end_well()
        return Run(
            leg=leg,
            readings=self._load.readings - first.handled["pvsim"],
            wall_s=wall_s,
            cpu_s=difference(ended, first.cpu_s),
            handled={name: self._load.readings - first.handled[name] for name in groups},
            peak_mib={name: self._peaks[name] for name in self._services},
            first_line_s=first.line_at - begin,
            first_cpu_s=difference(first.cpu_s, before),
            lag_s=lag_s,
            checkpoint_bytes=checkpoint_bytes,
            checkpoint_s=checkpoint_s,
        )

    def _first(self, groups: Groups) -> First:
        """Wait for the first instant; where each process is then. The meter is far ahead: it is asked earlier."""
        published = until(self._published, timeout_s=TIMEOUT_S, every_s=0.005)
        meter_cpu_s = cpu_s(groups)["meter"]
        self._wait_for(1)
        line_at = time.perf_counter()
        self._wait_for(self._load.homes)
        followed, recorded = self._followed(), self._end.readings()
        handled = {"meter": published, "pvsim": recorded, "broker": recorded, "exporter": followed}
        return First(line_at, time.perf_counter(), cpu_s(groups) | {"meter": meter_cpu_s}, handled)

    def _started(self, stack: ExitStack) -> dict[str, ServiceProcess]:
        """The services; the meter last, at the very begin of its run."""
        ground, variant = self._ground, self._variant
        journal = {"journal_directory": ground.journal}
        services = {"pvsim": ground.service("pvsim", journal, program=variant.pvsim)}
        if variant.with_exporter:  # without series of sites: it is asked often here
            services["exporter"] = ground.service("exporter", journal | {"max_site_series": 0})
        for service in services.values():
            stack.enter_context(service)
            until(lambda service=service: service.get("/readyz")[0] == 200, timeout_s=TIMEOUT_S)  # type: ignore[misc]
        self._broker = ground.broker()
        meter = ground.service("meter", self._load.settings, program=variant.meter)
        services["meter"] = stack.enter_context(meter)
        until(lambda: meter.events("run_begun"), timeout_s=TIMEOUT_S, every_s=0.005)
        return services

    def _groups(self) -> Groups:
        services = {name: [psutil.Process(service.process.pid)] for name, service in self._services.items()}
        return services | {"broker": self._broker}

    def _wait_for(self, readings: int) -> None:
        """Wait until so many are in the journal."""

        def complete() -> bool:
            for name, service in self._services.items():
                self._peaks[name] = max(self._peaks[name], peak_mib(service.process.pid))
            return self._end.readings() >= readings

        until(complete, timeout_s=TIMEOUT_S, every_s=0.02)

    def _published(self) -> int:
        """How many readings the meter has published; all of them where it has ended already."""
        try:
            return value(self._services["meter"].get("/metrics")[1], _PUBLISHED)
        except OSError:
            return self._load.readings

    def _followed(self) -> int:
        """How many readings the exporter has read; none where there is no exporter."""
        exporter = self._services.get("exporter")
        return value(exporter.get("/metrics")[1], _FOLLOWED) if exporter else 0

    def _lag_s(self) -> float | None:
        """How long the exporter takes from now on to have read all of it."""
        if "exporter" not in self._services:
            return None
        begin = time.perf_counter()
        until(lambda: self._followed() == self._load.readings, timeout_s=TIMEOUT_S)
        return time.perf_counter() - begin

    def _checkpoint(self) -> tuple[float | None, int | None]:
        """How long the newest checkpoint took [s], and its size; None where no segment was closed."""
        events = self._services["pvsim"].events("checkpoint_written")
        path = self._ground.journal / CHECKPOINT
        return (float(str(events[-1]["took_s"])), path.stat().st_size) if events and path.exists() else (None, None)

    def _end_well(self) -> None:
        """Raises RuntimeError where a service does not end with exit code 0."""
        codes = {"meter": self._services["meter"].wait(timeout_s=TIMEOUT_S)}
        codes |= {name: self._services[name].stop(timeout_s=30) for name in self._services if name != "meter"}
        if any(codes.values()):
            raise RuntimeError(f"services ended with {codes}")
