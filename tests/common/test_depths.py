"""How many messages wait: what the broker said last, and nothing while nobody can ask it."""

from collections.abc import Callable
from typing import NamedTuple

from prometheus_client import CollectorRegistry

from pvsim_common.broker.depths import Depths
from pvsim_common.broker.queues import readings_queue


class Answer(NamedTuple):
    """As pika hands it over: the method's frame."""

    queue: str
    message_count: int

    @property
    def method(self) -> "Answer":
        """Itself."""
        return self


class FakeConnection:
    """Keeps what shall be done later."""

    connected = True

    def __init__(self) -> None:
        self.later_on: list[Callable[[], None]] = []

    def is_connected(self) -> bool:
        """Whether the test says so."""
        return self.connected

    def later(self, _seconds: float, work: Callable[[], None]) -> None:
        """Remember what to do."""
        self.later_on.append(work)


class FakeChannel:
    """Answers each declaration with one message more."""

    is_open = True
    asked = 0

    def queue_declare(
        self, queue: str, *, durable: bool, arguments: dict[str, object], callback: Callable[[Answer], None]
    ) -> None:
        """Answer at once; a queue is durable or not ours."""
        assert durable
        assert arguments["x-queue-type"] == "quorum"
        self.asked += 1
        callback(Answer(queue, self.asked))


def depths(connection: FakeConnection, partitions: int = 2) -> tuple[Depths, Callable[[str], float | None]]:
    """Depths of the queues of some partitions, and a way to read one."""
    registry = CollectorRegistry()
    made = Depths(connection, map(readings_queue, range(partitions)), registry)  # type: ignore[arg-type]  # a fake
    return made, lambda queue: registry.get_sample_value("pvsim_queue_ready_messages", {"queue": queue})


def test_each_queue_has_the_number_that_the_broker_said_last() -> None:
    told, value = depths(FakeConnection())

    for queue, count in (("readings.0", 3), ("readings.1", 5), ("readings.0", 4)):
        told.told(Answer(queue, count))

    assert (value("readings.0"), value("readings.1"), told.most()) == (4, 5, 5)


def test_a_queue_of_another_purpose_is_not_told() -> None:
    told, value = depths(FakeConnection())

    told.told(Answer("meter.0.position", 7))

    assert (value("meter.0.position"), told.most()) == (None, 0)


def test_nothing_is_known_of_a_queue_while_the_connection_is_lost_or_new() -> None:
    connection = FakeConnection()
    told, value = depths(connection)
    told.told(Answer("readings.0", 3))

    connection.connected = False
    lost = value("readings.0")
    connection.connected = True
    told.forget()

    assert (lost, value("readings.0")) == (None, None)


def test_it_asks_again_and_again_until_the_channel_is_closed() -> None:
    connection, channel = FakeConnection(), FakeChannel()
    told, value = depths(connection)

    told.ask(channel, readings_queue(0), every_s=2.0)
    connection.later_on.pop()()
    twice = value("readings.0")
    channel.is_open = False
    connection.later_on.pop()()

    assert (twice, channel.asked, connection.later_on) == (2, 2, [])
