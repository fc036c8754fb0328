"""How many messages a consumer asks for, which are handled alone, and what it acknowledges."""

from collections.abc import Callable
from typing import Any

import pytest
from pika.exceptions import ChannelWrongStateError
from pika.spec import BasicProperties

from pvsim_common.broker.consumer import Consumer
from pvsim_common.broker.frames import Arrived
from pvsim_common.broker.queues import readings_queue
from pvsim_common.broker.window import Window

MIB = 1024 * 1024


class FakeChannel:
    """Remembers what was asked of the broker; is its own connection."""

    def __init__(self) -> None:
        self.is_open = True
        self.answers_at_once = True
        self.unanswered: list[Callable[[], None]] = []
        self.asked: list[Any] = []
        self.connection = self

    def basic_qos(self, *, prefetch_count: int) -> None:
        """As pika's."""
        if not self.is_open:
            raise ChannelWrongStateError("Channel is closing.")
        self.asked.append(prefetch_count)

    def basic_ack(self, tag: int, *, multiple: bool) -> None:
        """As pika's."""
        self.asked.append(("ack", tag, multiple))

    def basic_consume(self, *_: object, **__: object) -> str:
        """As pika's."""
        return "consumer"

    def basic_cancel(self, _tag: str, callback: Callable[[object], None]) -> None:
        """As pika's, answered at once or when the test says so."""
        if self.answers_at_once:
            callback(None)
        else:
            self.unanswered.append(lambda: callback(None))

    def direct(self, *_: object, **__: object) -> None:
        """As FastConnection's."""

    def close(self) -> None:
        """As pika's."""
        self.is_open = False

    def queue_declare(self, *_: object, **__: object) -> None:
        """As pika's."""

    def add_on_cancel_callback(self, _callback: object) -> None:
        """As pika's."""


class FakeConnection:
    """Does at once what is to be done in its thread."""

    def call(self, work: Callable[[], None]) -> None:
        """As Connection's."""
        work()


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def consumer(channel: FakeChannel) -> Consumer:
    connection: Any = FakeConnection()
    made = Consumer(connection, readings_queue(0), Window(most=1000, most_bytes=64 * MIB))
    made.open(channel, lambda: None)
    return made


def arrive(
    consumer: Consumer, channel: FakeChannel, tag: int, *, size: int = 100, failed: object = None, again: bool = True
) -> None:
    headers = {"x-delivery-count": failed} if failed is not None else None
    properties = b"".join(BasicProperties(headers=headers).encode())
    message = Arrived(tag, redelivered=failed is not None and again, properties=properties, body=bytes(size))
    consumer._on_message(channel, message)


def test_it_asks_for_one_message_and_then_for_a_whole_window(consumer: Consumer, channel: FakeChannel) -> None:
    arrive(consumer, channel, 1, failed=2)

    assert channel.asked == [1, 1000]


def test_as_long_as_messages_are_suspect_each_is_alone(consumer: Consumer, channel: FakeChannel) -> None:
    for tag in (1, 2):
        arrive(consumer, channel, tag, failed=3)
        delivery = consumer.take()
        assert delivery is not None
        assert (delivery.alone, delivery.failed) == (True, 3)
        consumer.forget(delivery)

    assert channel.asked == [1, ("ack", 1, True), ("ack", 2, True)]


@pytest.mark.parametrize("failed", [1000, "many", None, [3]])
def test_what_a_publisher_says_of_failed_deliveries_means_nothing(
    consumer: Consumer, channel: FakeChannel, failed: object
) -> None:
    arrive(consumer, channel, 1, failed=failed, again=False)

    delivery = consumer.take()
    assert delivery is not None
    assert delivery.failed == 0
    assert channel.asked == [1, 1000]


def test_a_suspect_in_a_window_is_not_alone(consumer: Consumer, channel: FakeChannel) -> None:
    arrive(consumer, channel, 1)
    arrive(consumer, channel, 2, failed=3)

    consumer.take()
    delivery = consumer.take()

    assert delivery is not None
    assert (delivery.alone, delivery.failed) == (False, 3)


def test_who_holds_too_many_bytes_begins_anew(consumer: Consumer, channel: FakeChannel) -> None:
    arrive(consumer, channel, 1)
    for tag in range(2, 20):
        arrive(consumer, channel, tag, size=4 * MIB)

    assert not channel.is_open
    assert consumer.take() is None


def test_an_answer_that_comes_while_the_channel_closes_is_not_acted_upon(
    consumer: Consumer, channel: FakeChannel
) -> None:
    channel.answers_at_once = False
    arrive(consumer, channel, 1)
    consumer.begin_anew(channel)

    for answer in channel.unanswered:
        answer()

    assert channel.asked == [1]
    assert len(channel.unanswered) == 1


def test_messages_of_a_lost_channel_are_forgotten(consumer: Consumer, channel: FakeChannel) -> None:
    arrive(consumer, channel, 1)
    channel.is_open = False

    assert consumer.take() is None


def test_after_it_was_told_to_begin_anew_nothing_of_the_channel_is_acknowledged_any_more(
    consumer: Consumer, channel: FakeChannel
) -> None:
    arrive(consumer, channel, 1)
    arrive(consumer, channel, 2)
    consumer.take()
    last = consumer.take()
    assert last is not None

    consumer.begin_anew(last.channel)
    channel.is_open = True  # it takes a while to close
    consumer.forget(last)

    assert channel.asked == [1, 1000]


def test_some_messages_are_acknowledged_and_not_those_between(consumer: Consumer, channel: FakeChannel) -> None:
    for tag in (1, 2, 3):
        arrive(consumer, channel, tag)

    consumer.forget_each(channel, [1, 3])

    assert channel.asked[2:] == [("ack", 1, False), ("ack", 3, False)]
