"""A chain of real processes under load, with an end at which all that was confirmed must be in the journal."""

import contextlib
import math
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Self

from tests.chaos.ground import Ground
from tests.chaos.judge import Run
from tests.pipeline.chain import remove_queues
from tests.recorded import segments

from meter.fleet import homes_of
from pvsim.compression import open_to_read
from pvsim_common.messages import parse_timestamp
from pvsim_common.segments import closed_segments, open_segment
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

START = "2026-06-21T10:00:00Z"
START_MS = round(datetime.fromisoformat(START).timestamp() * 1000)
PATIENCE_S = 180.0  # where others use the machine too
_SETTLED_S = 5.0  # since a queue was declared for the first time
SEGMENT_BYTES = 2 * 1024 * 1024  # so that many are closed
_HELD = 100  # messages that pvsim holds unacknowledged: all of them are suspects when it was killed several times
_PVSIM = {"prefetch": _HELD, "segment_size": SEGMENT_BYTES}
_METER = {"max_ready": 3000}


class Load(NamedTuple):
    """What the meter sends."""

    homes: int = 60
    sites_per_message: int = 20
    speed: float = 0  # simulated seconds per second; 0: as fast as it can
    seconds: int | None = None  # simulated; None: until it is told


class Chain:
    """meter, pvsim and their journal; ended at the latest when the block ends."""

    def __init__(
        self, ground: Ground, load: Load, *, url: str | None = None, pvsim: str = "pvsim", **settings: object
    ) -> None:
        """The settings are pvsim's; pvsim is its program."""
        self._ground, self._load, self._url = ground, load, url or ground.node.url
        self.sites = homes_of(0, shards=1, homes=load.homes)
        self.journal = ground.directory / "journal"
        self._all: list[ServiceProcess] = []
        self._is_settled = False
        self.pvsim = self.service(pvsim, journal_directory=self.journal, seed=ground.seed, **_PVSIM | settings)
        self.meter = self._meter(load.speed, load.seconds)

    def __enter__(self) -> Self:
        remove_queues(self._ground.node)
        self.pvsim.start()
        until(lambda: self.pvsim.events("journal_opened"), timeout_s=PATIENCE_S)
        self.meter.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.kill()

    def service(self, program: str, **settings: object) -> ServiceProcess:
        """A process of this chain, not started yet."""
        name = Path(program).name
        arguments = {"http-port": 0} | {key.replace("_", "-"): value for key, value in settings.items()}
        secrets = {} if name == "exporter" else {"PVSIMULATOR_BROKER_URL": self._url}
        log = self._ground.directory / f"{name}-{len(self._all)}.log"
        self._all.append(ServiceProcess(program, log, arguments, secrets))
        return self._all[-1]

    def recording(self, least: int = 1) -> None:
        """Wait until pvsim has written so many bytes to the journal. Raises RuntimeError where it has ended."""
        before = self._written()

        def has_written() -> bool:
            if self.pvsim.process.poll() is not None:
                raise RuntimeError(f"pvsim ended by itself: {self.pvsim.log()[-1000:]}")
            return abs(self._written() - before) >= least

        until(has_written, timeout_s=PATIENCE_S, every_s=0.01)

    def settle(self) -> None:
        """Wait until the queues are some seconds old.

        RabbitMQ 3.10 may lose for good a queue that it has made within the second before it is killed.
        """
        if not self._is_settled:
            until(lambda: self.meter.events("broker_connected"), timeout_s=PATIENCE_S)
            time.sleep(_SETTLED_S)
            self._is_settled = True

    def newest(self) -> int:
        """The newest instant in the journal [ms since 1970]; the one before the run where it is empty."""
        for path in reversed(segments(self.journal)):
            with contextlib.suppress(FileNotFoundError), open_to_read(path) as file:
                stamps = [line.split(b'"', 4)[3] for line in file if line.endswith(b"}\n")]
                if stamps:
                    return parse_timestamp(max(stamps).decode())
        return START_MS - 1000

    def drain(self) -> None:
        """Let pvsim take all messages, then stop it: nothing waits and nothing is held. Raises RuntimeError."""
        while True:
            if self.pvsim.process.poll() is not None:
                self.pvsim.start()
            until(self._is_idle, timeout_s=PATIENCE_S)
            with contextlib.suppress(subprocess.TimeoutExpired):
                if (code := self.pvsim.stop(timeout_s=30)) != 0:
                    raise RuntimeError(f"pvsim ended with exit code {code}: {self.pvsim.log()[-2000:]}")
            if self._ground.depth("readings.0") == 0:
                return

    def end(self, *, at_least: int = 0) -> Run:
        """Stop an endless load: the last meter goes on up to an instant after all that were published."""
        self.meter.kill()
        self.drain()
        published = (self.newest() - START_MS) // 1000 + 1 + _HELD
        seconds = max(published, math.ceil(at_least / len(self.sites)))
        self.pvsim.start()
        self.meter = self._meter(0, seconds).start()
        return self.finish(seconds)

    def finish(self, seconds: int) -> Run:
        """Wait for the end of a meter that knows it, and until all of it is taken from the queue."""
        if (code := self.meter.wait(timeout_s=900)) != 0:
            raise RuntimeError(f"meter ended with exit code {code}: {self.meter.log()[-2000:]}")
        self.drain()
        return Run(self.sites, START_MS, seconds, self._ground.seed)

    def is_torn(self) -> bool:
        """Whether the open segment ends with a part of a line."""
        return not open_segment(self.journal).read_bytes().endswith(b"\n")

    def last_line(self) -> bytes:
        """The last line of the open segment; empty where it has none."""
        path = open_segment(self.journal)
        return path.read_bytes().rpartition(b"\n")[0].rpartition(b"\n")[2] if path.exists() else b""

    def verify(self) -> int:
        """The exit code of pvsim verify."""
        command = [str(Path(sys.executable).with_name("pvsim")), "verify", str(self.journal)]
        return subprocess.run(command, check=False, capture_output=True, timeout=900).returncode

    def _is_idle(self) -> bool:
        """Whether no message waits, and pvsim has begun: before that a SIGTERM just kills it."""
        return bool(self.pvsim.events("service_started")) and self._ground.depth("readings.0") == 0

    def _meter(self, speed: float, seconds: int | None) -> ServiceProcess:
        end = {} if seconds is None else {"duration": seconds}
        shape = {"homes": self._load.homes, "sites_per_message": self._load.sites_per_message}
        return self.service("meter", start=START, speed=speed, seed=self._ground.seed, **shape, **end, **_METER)

    def _written(self) -> int:
        """Bytes of the segments, not compressed, more or less: a segment may be closed or cut off meanwhile."""
        with contextlib.suppress(FileNotFoundError):
            closed = max(closed_segments(self.journal), default=0)
            return closed * SEGMENT_BYTES + open_segment(self.journal).stat().st_size
        return 0
