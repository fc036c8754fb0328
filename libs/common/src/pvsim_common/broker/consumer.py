"""Take the messages of a queue into a buffer: each suspect alone, of the others as many as the window allows."""

import threading
from collections import deque
from collections.abc import Callable, Iterable

import structlog
from pika.channel import Channel

from pvsim_common.broker.connection import Connection
from pvsim_common.broker.deliveries import Delivery
from pvsim_common.broker.frames import Arrived, unheard
from pvsim_common.broker.properties import seen
from pvsim_common.broker.queues import Queue
from pvsim_common.broker.suspects import SUSPICIOUS
from pvsim_common.broker.window import Window


class Consumer:
    """Consumes on the channel of a connection and hands messages over to another thread.

    Each channel begins with one message. Only if that is not suspect are more asked for: a crash then counts against
    one message and not against all that happened to be held. What was held on a lost channel is forgotten: it comes
    again, and would be held twice.
    """

    def __init__(self, connection: Connection, queue: Queue, window: Window) -> None:
        self._connection = connection
        self._queue = queue
        self._window = window
        self._buffer: deque[Delivery] = deque()
        self._arrived = threading.Event()
        self._channel: Channel | None = None  # from here on: used in the connection's thread only
        self._tag = ""
        self._on_consuming: Callable[[], None] = lambda: None

    def take(self) -> Delivery | None:
        """The next message that can still be acknowledged, None where none has arrived."""
        while True:
            try:
                delivery = self._buffer.popleft()
            except IndexError:
                return None
            if delivery.channel.is_open:
                return delivery

    def wait(self, seconds: float) -> None:
        """Wait at most so long for a message."""
        self._arrived.clear()
        if not self._buffer:
            self._arrived.wait(seconds)

    def forget(self, last: Delivery) -> None:
        """Acknowledge this and all messages before it; if their channel is closed, they come again."""
        self._connection.call(lambda: self._acknowledge(last.channel, [last.tag], multiple=True))

    def forget_each(self, channel: Channel, tags: Iterable[int]) -> None:
        """Acknowledge these messages and no others."""
        self._connection.call(lambda: self._acknowledge(channel, tags, multiple=False))

    def begin_anew(self, channel: Channel) -> None:
        """Give back what is unacknowledged on this channel, and go on with one message."""
        self._connection.call(lambda: self._close(channel))

    def is_full(self) -> bool:
        """Whether next to nothing arrives until something is acknowledged."""
        return self._window.is_full()

    # What follows runs in the connection's thread.

    def open(self, channel: Channel, on_consuming: Callable[[], None]) -> None:
        """Consume on a new channel."""
        self._buffer.clear()
        self._window.begin()
        self._channel, self._on_consuming = channel, on_consuming
        channel.connection.direct(channel, delivered=lambda message: self._on_message(channel, message))
        channel.add_on_cancel_callback(lambda _frame: self._cancelled(channel))
        channel.queue_declare(self._queue.name, durable=True, arguments=self._queue.arguments)
        self._consume(channel)

    def _consume(self, channel: Channel) -> None:
        if not self._is_usable(channel):
            return  # it was closed before the broker's answer came
        channel.basic_qos(prefetch_count=self._window.size)
        self._tag = channel.basic_consume(self._queue.name, unheard, callback=lambda _frame: self._begun())

    def _cancelled(self, channel: Channel) -> None:
        if self._is_usable(channel):
            channel.close()  # the queue is gone: begin anew

    def _begun(self) -> None:
        self._on_consuming()
        self._on_consuming = lambda: None

    def _on_message(self, channel: Channel, message: Arrived) -> None:
        if not self._is_current(channel):
            return  # it was closed, but this was under way
        alone = self._window.size == 1
        self._window.arrived(message.tag, len(message.body))
        if self._window.is_exceeded():
            structlog.get_logger().warning("too_much_held", hint="messages have become larger; beginning anew with one")
            self._close(channel)
            return
        known = seen(message.properties)
        failed = known.failed if message.redelivered else 0  # delivered first, it would be its publisher's
        self._buffer.append(
            Delivery(
                channel,
                message.tag,
                message.properties,
                message.body,
                failed,
                alone,
                known.published_ms,
                known.unreadable,
            )
        )
        if not self._arrived.is_set():
            self._arrived.set()
        if alone and failed < SUSPICIOUS:
            self._resize(channel)

    def _resize(self, channel: Channel) -> None:
        """Consume with another window if that is due; a consumer that has begun keeps the one it began with."""
        if self._window.resized():
            channel.basic_cancel(self._tag, callback=lambda _frame: self._consume(channel))

    def _acknowledge(self, channel: Channel, tags: Iterable[int], *, multiple: bool) -> None:
        if not self._is_usable(channel):
            return
        for tag in tags:
            channel.basic_ack(tag, multiple=multiple)
            self._window.left(tag, multiple=multiple)
        if self._window.size > 1:
            self._resize(channel)

    def _close(self, channel: Channel) -> None:
        if self._is_current(channel):
            self._channel = None
            self._buffer.clear()
            if channel.connection.is_open:
                channel.connection.close()

    def _is_usable(self, channel: Channel) -> bool:
        return self._is_current(channel) and bool(channel.is_open)

    def _is_current(self, channel: Channel) -> bool:
        return bool(channel is self._channel)
