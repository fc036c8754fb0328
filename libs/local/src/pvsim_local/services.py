"""A service as a child process that can be started, stopped, killed and asked, as tests and benchmarks do."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pvsim_local.waiting import until


class ServiceProcess:
    """One service of this environment, with its log and its settings; killed at the latest when the block ends."""

    def __init__(self, name: str, log_file: Path, arguments: Mapping[str, object], secrets: Mapping[str, str]) -> None:
        """Arguments become --name=value; secrets are environment variables. Nothing else of PVSIMULATOR_* is passed."""
        self._name = name
        self._log_file = log_file
        self._command = [
            str(Path(sys.executable).parent / name),
            *(f"--{key}={value}" for key, value in arguments.items()),
        ]
        prefixes = ("PVSIMULATOR_", "METER_", "PVSIM_", "EXPORTER_")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(prefixes)}
        self._environment = inherited | dict(secrets)
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begin = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process, once it was started."""
        if self._process is None:
            raise RuntimeError(f"{self._name} was not started")
        return self._process

    def start(self) -> Self:
        """Start it, again if it ran before."""
        with self._log_file.open("ab") as log:
            self._log_begin = log.tell()
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._log_file.parent, stderr=log, stdout=log
            )
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def stop(self, *, timeout_s: float = 5.0) -> int:
        """Ask it to end with SIGTERM; its exit code. Raises subprocess.TimeoutExpired."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout_s=timeout_s)

    def wait(self, *, timeout_s: float = 60.0) -> int:
        """Wait until it ends by itself; its exit code."""
        return self.process.wait(timeout_s)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def log(self) -> str:
        """What it has logged since it was started last."""
        with self._log_file.open("rb") as log:
            log.seek(self._log_begin)
            return log.read().decode(errors="replace")

    def events(self, event: str) -> list[dict[str, object]]:
        """The log events of that name since it was started last."""
        lines = [line for line in self.log().splitlines() if line.startswith("{")]
        return [fields for fields in map(json.loads, lines) if fields.get("event") == event]

    def address(self, *, timeout_s: float = 60.0) -> str:
        """Where it answers over HTTP, as it said itself."""
        return str(until(lambda: self.events("service_started"), timeout_s=timeout_s)[0]["address"])

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a GET request."""
        try:
            with urllib.request.urlopen(f"{self.address()}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
