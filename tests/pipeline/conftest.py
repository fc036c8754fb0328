"""A real broker for the session, and the services as real processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker
from tests.pipeline.chain import launching, remove_queues

from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]) -> Iterator[RabbitNode]:
    """The session's RabbitMQ with its Prometheus plugin: private, on loopback, its data in a directory of its own."""
    require_tool("rabbitmq-server")
    with RabbitNode(tmp_path_factory.mktemp("rabbitmq"), plugins=("rabbitmq_prometheus",)) as node:
        yield node


@pytest.fixture
def broker(node: RabbitNode) -> RabbitNode:
    """The session's RabbitMQ without a queue of ours."""
    remove_queues(node)
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
    with launching(broker, tmp_path) as make:
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
