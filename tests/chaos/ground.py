"""What each run of the harness stands on: a broker, a directory and chance that can be repeated."""

import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

import pika
from tests.chaos.judge import Judgement

from pvsim_local import rabbitmq_files
from pvsim_local.rabbitmq import RabbitNode, server_command


class Ground(NamedTuple):
    """Where a run takes place."""

    node: RabbitNode
    directory: Path  # empty
    random: Random
    seed: int  # of the simulation, too

    def depth(self, queue: str) -> int:
        """How many messages wait in a queue, those that a consumer holds not counted."""
        with pika.BlockingConnection(pika.URLParameters(self.node.url)) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).method.message_count)

    def control(self, *arguments: str) -> None:
        """Have rabbitmqctl do something."""
        environment = rabbitmq_files.environment(self.node.directory, self.node.identity)
        command = [str(Path(server_command()).with_name("rabbitmqctl")), *arguments]
        subprocess.run(
            command, env=environment, cwd=self.node.directory, check=True, capture_output=True, timeout=120
        )  # fmt: skip

    def program(self, name: str) -> str:
        """A program made of a Python file beside this one, as ServiceProcess takes them."""
        path = self.directory / name.replace("_", "-")
        script = Path(__file__).with_name(f"{name}.py")
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
        path.chmod(0o700)
        return str(path)


@dataclass
class Outcome:
    """What a run did, what the judge found, and what should not have been."""

    run: str
    judgement: Judgement = field(default_factory=Judgement)
    facts: dict[str, float | str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def judged(self, judgement: Judgement) -> None:
        """Take the judge's word: every fault is a violation."""
        self.judgement = judgement
        self.violations += [f"{count} {name}" for name, count in judgement.faults().items() if count]

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a violation unless something holds."""
        if not holds:
            self.violations.append(otherwise)

    def as_dict(self) -> dict[str, object]:
        """All of it, for JSON."""
        return asdict(self)
