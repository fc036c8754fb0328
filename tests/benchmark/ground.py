"""What each leg stands on: a broker without queues, an empty directory, and programs to start."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pika
import psutil
from tests.benchmark.programs import ceiling, challenge, safe_classic

from pvsim_common.broker.queues import position_queue, quarantine_queue, readings_queue
from pvsim_local.marks import marked
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess

_OURS = (readings_queue(0).name, quarantine_queue().name, position_queue(0).name)
_OTHERS = (challenge.QUEUE, safe_classic.QUEUE, ceiling.QUEUE)


class Ground(NamedTuple):
    """Where a leg takes place."""

    node: RabbitNode
    directory: Path

    @property
    def journal(self) -> Path:
        """Where pvsim writes."""
        return self.directory / "journal"

    def fresh(self) -> "Ground":
        """The same without what the leg before left: neither readings, nor a position, nor files."""
        with pika.BlockingConnection(pika.URLParameters(self.node.url)) as connection:
            for queue in (*_OURS, *_OTHERS):
                connection.channel().queue_delete(queue)
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir()
        return self

    def broker(self) -> list[psutil.Process]:
        """The broker's processes."""
        return marked(self.node.directory)

    def service(
        self,
        name: str,
        settings: Mapping[str, object],
        *,
        program: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> ServiceProcess:
        """A service, or one of the programs that stand in for it, with these settings."""
        arguments = {"http-port": 0} | {key.replace("_", "-"): value for key, value in settings.items()}
        secrets = {} if name == "exporter" else {"PVSIMULATOR_BROKER_URL": self.node.url}
        command = self._program(program) if program else name
        return ServiceProcess(command, self.directory / f"{name}.log", arguments, secrets | dict(environment or {}))

    def _program(self, name: str) -> str:
        """A command, as ServiceProcess takes them, that runs one of programs/."""
        path = self.directory / name.replace("_", "-")
        script = Path(__file__).parent / "programs" / f"{name}.py"
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
        path.chmod(0o700)
        return str(path)


class Child(subprocess.Popen[str]):
    """One of the programs that need no service's settings; killed at the latest when the block ends."""

    def __init__(self, name: str, *arguments: object) -> None:
        command = [sys.executable, "-m", f"tests.benchmark.programs.{name}", *map(str, arguments)]
        super().__init__(command, stdout=subprocess.PIPE, text=True)

    def __exit__(self, *error: object) -> None:
        self.kill()
        self.wait()
        if self.stdout:
            self.stdout.close()

    def line(self) -> str:
        """Its next line; waits for it. Raises RuntimeError where it has ended instead."""
        line = self.stdout.readline() if self.stdout else ""
        if not line:
            raise RuntimeError(f"{self.args!r} ended too early")
        return line
