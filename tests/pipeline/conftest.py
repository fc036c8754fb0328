"""A real broker for the session, and the services as real processes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess

QUEUES = [f"{name}.{n}{rest}" for n in range(4) for name, rest in (("readings", ""), ("meter", ".position"))]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]) -> Iterator[RabbitNode]:
    """The session's RabbitMQ: private, on loopback, with its data in a directory of its own."""
    require_tool("rabbitmq-server")
    with RabbitNode(tmp_path_factory.mktemp("rabbitmq")) as node:
        yield node


@pytest.fixture
def broker(node: RabbitNode) -> RabbitNode:
    """The session's RabbitMQ without a queue of ours."""
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        for queue in [*QUEUES, "readings.quarantine"]:
            connection.channel().queue_delete(queue)
    return node


@pytest.fixture
def channel(broker: RabbitNode) -> Iterator[pika.adapters.blocking_connection.BlockingChannel]:
    """A channel of a plain client, with publisher confirms."""
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        yield channel


@pytest.fixture
def service(broker: RabbitNode, tmp_path: Path) -> Iterator[Callable[..., ServiceProcess]]:
    """Makes processes of services from a name and settings, not started yet; they are killed at the end of the test."""
    numbers = count()
    with ExitStack() as stack:

        def make(name: str, **settings: object) -> ServiceProcess:
            arguments = {"http-port": 0} | {key.replace("_", "-"): value for key, value in settings.items()}
            if name != "meter":
                arguments.setdefault("journal-directory", tmp_path / "journal")
            secrets = {} if name == "exporter" else {"PVSIMULATOR_BROKER_URL": broker.url}
            log_file = tmp_path / f"{name}-{next(numbers)}.log"
            process = ServiceProcess(name, log_file, arguments, secrets)
            stack.callback(process.kill)
            return process

        yield make


@pytest.fixture
def ready_messages(broker: RabbitNode) -> Callable[[str], int]:
    """Counts the messages that wait in a queue of a given name; 0 where there is none."""

    def ready(queue: str) -> int:
        with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
            try:
                return int(connection.channel().queue_declare(queue, passive=True).method.message_count)
            except ChannelClosedByBroker:
                return 0

    return ready


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """The open segment that pvsim writes to."""
    return tmp_path / "journal" / "results.jsonl"
