"""A private RabbitMQ node: it starts and stops without traces, and its data survive."""

import socket
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pika
import psutil
import pytest

from pvsim_local.marks import marked
from pvsim_local.ports import LOOPBACK
from pvsim_local.rabbitmq import BrokerError, RabbitNode
from pvsim_local.rabbitmq_files import load_identity

QUEUE = "kept"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]) -> Iterator[RabbitNode]:
    """A running node; one for all tests here, since a start takes five seconds."""
    require_tool("rabbitmq-server")
    with RabbitNode(tmp_path_factory.mktemp("node")) as node:
        yield node


def publish(node: RabbitNode, body: bytes) -> None:
    """Publish to a durable quorum queue and wait until the broker has it on disk."""
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        channel.confirm_delivery()
        channel.basic_publish("", QUEUE, body, pika.BasicProperties(delivery_mode=2))


def messages_in(node: RabbitNode, *, at_least: int) -> list[bytes]:
    """The queue's messages, waited for: after a crash a queue that recovers looks shorter for a moment."""
    found: list[bytes] = []
    deadline = time.monotonic() + 30
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        channel = connection.channel()
        while len(found) < at_least and time.monotonic() < deadline:
            _, _, body = channel.basic_get(QUEUE)
            found += [body] if body is not None else []
    return found


def test_every_port_is_on_the_loopback_interface(node: RabbitNode) -> None:
    processes = marked(node.directory)
    connections = [connection for process in processes for connection in process.net_connections()]
    listening = {connection.laddr.ip for connection in connections if connection.status == psutil.CONN_LISTEN}

    assert {"beam.smp", "epmd"} <= {process.name() for process in processes}
    assert listening <= {"127.0.0.1", "::1"}


def test_a_stop_and_a_crash_leave_the_data_but_no_process(node: RabbitNode) -> None:
    publish(node, b"1")
    node.stop()  # not the crash first: RabbitMQ 3.10 forgets a quorum queue that is killed within a second of its birth
    left_by_stop = marked(node.directory)
    node.start()
    publish(node, b"2")
    node.kill()
    left_by_crash = marked(node.directory)
    with RabbitNode(node.directory) as next_run:
        messages = messages_in(next_run, at_least=2)

    assert messages == [b"1", b"2"]
    assert left_by_stop == []
    assert left_by_crash == []


def test_a_node_that_cannot_start_says_why_and_leaves_no_process(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("rabbitmq-server")
    (tmp_path / "data").write_text("a file where the server wants a directory")
    node = RabbitNode(tmp_path)

    with pytest.raises(BrokerError, match="RabbitMQ ended while starting"):
        node.start()

    assert marked(tmp_path) == []


def test_a_second_look_finds_the_same_login_and_other_ports_only_where_one_is_taken(tmp_path: Path) -> None:
    first = load_identity(tmp_path)
    with socket.create_server((LOOPBACK, first.amqp_port)):
        second = load_identity(tmp_path)

    assert (second.user, second.password) == (first.user, first.password)
    assert second.amqp_port != first.amqp_port
    assert second.epmd_port == first.epmd_port


def test_the_login_is_only_for_its_owner_to_read(tmp_path: Path) -> None:
    load_identity(tmp_path)

    assert stat.S_IMODE((tmp_path / "node.json").stat().st_mode) == 0o600
