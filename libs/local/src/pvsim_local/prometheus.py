"""A private Prometheus on a loopback port that scrapes the services, and a way to ask it."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pvsim_local.marks import end, mark, marked
from pvsim_local.ports import LOOPBACK, free_port


class PrometheusError(RuntimeError):
    """A Prometheus that does not start, or a query that it refuses."""


class PrometheusServer:
    """A private Prometheus with its data under `directory`; `targets` are jobs and their ports on this machine."""

    def __init__(
        self,
        directory: Path,
        targets: Mapping[str, int | Sequence[int]],
        *,
        scrape_interval_s: float = 5.0,
        rule_files: Sequence[Path] = (),
        port: int | None = None,
    ) -> None:
        """Rules are evaluated as often as targets are scraped."""
        self._directory = directory.resolve()
        self._targets = targets
        self._interval = f"{round(scrape_interval_s * 1000)}ms"
        self._rule_files = rule_files
        self.port = free_port(preferred=port)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its page and its API are."""
        return f"http://{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        """Write the configuration and give the command that runs the server in the foreground."""
        self._directory.mkdir(parents=True, exist_ok=True)
        configuration = self._directory / "prometheus.yml"
        configuration.write_text(json.dumps(self._configuration(), indent=2))  # JSON is YAML
        return [
            "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={self._directory / 'data'}",
            f"--web.listen-address={LOOPBACK}:{self.port}",
            "--log.level=error",
        ]

    def start(self, *, timeout_s: float = 60.0) -> None:
        """Start the server and wait until it answers; raises PrometheusError and leaves nothing behind."""
        command = self.command()
        with (self._directory / "prometheus.log").open("wb") as log:
            self._server = subprocess.Popen(
                command,
                env=os.environ | mark(self._directory),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_ready(self._server, timeout_s)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server; its data stay."""
        end(marked(self._directory))
        if self._server is not None:
            self._server.wait()

    def query(self, promql: str) -> list[dict[str, Any]]:
        """The result of an instant query, as Prometheus's API gives it; raises PrometheusError with its complaint."""
        result: list[dict[str, Any]] = self._ask("query", query=promql)["result"]
        return result

    def rules(self) -> list[dict[str, Any]]:
        """Every rule with its health and, of an alert, what is pending or firing, as Prometheus's API gives it."""
        return [rule for group in self._ask("rules")["groups"] for rule in group["rules"]]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _configuration(self) -> dict[str, Any]:
        return {
            "global": {"scrape_interval": self._interval, "evaluation_interval": self._interval},
            "rule_files": [str(path.resolve()) for path in self._rule_files],
            "scrape_configs": [
                {
                    "job_name": job,
                    "static_configs": [{"targets": _addresses(ports), "labels": {"namespace": "local"}}],
                }
                for job, ports in self._targets.items()
            ],
        }

    def _ask(self, what: str, **parameters: str) -> dict[str, Any]:
        address = f"{self.url}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                answer: dict[str, Any] = json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise PrometheusError(json.load(error)["error"]) from error
        return answer

    def _wait_ready(self, server: subprocess.Popen[bytes], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not self._is_ready():
            if server.poll() is not None or time.monotonic() > deadline:
                last_words = (self._directory / "prometheus.log").read_text(errors="replace")[-2000:]
                raise PrometheusError(f"Prometheus did not get ready:\n{last_words}")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=1):
                return True
        except OSError:
            return False


def _addresses(ports: int | Sequence[int]) -> list[str]:
    return [f"{LOOPBACK}:{port}" for port in ([ports] if isinstance(ports, int) else ports)]


def is_installed() -> bool:
    """Whether there is a Prometheus to start."""
    return shutil.which("prometheus") is not None
