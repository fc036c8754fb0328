"""Publish readings so that each is confirmed by the broker, many at a time, across every loss of the connection."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Self

import msgspec
import pika
from pika.channel import Channel
from pika.frame import Method
from pika.spec import Basic, BasicProperties
from prometheus_client import CollectorRegistry, Counter

from pvsim_common.broker.connection import Address, BrokerError, Connection
from pvsim_common.broker.depths import Depths
from pvsim_common.broker.envelope import Envelope
from pvsim_common.broker.frames import Confirm, unheard
from pvsim_common.broker.outbox import Outbox, Outgoing
from pvsim_common.broker.position import Position
from pvsim_common.broker.properties import Template
from pvsim_common.broker.queues import position_queue, readings_queue
from pvsim_common.messages import EncodedReadings

_TICK_S = 0.2  # how often the position is saved and the queues are measured
_LAST_FLUSH_S = 3.0
_PUT_AT_ONCE = 64  # messages


class Publisher:
    """Publishes readings in order; what is unconfirmed is sent again after a reconnect."""

    def __init__(
        self,
        address: Address,
        *,
        run: Position,
        shard: int,
        partitions: int,
        max_ready: int,
        registry: CollectorRegistry,
    ) -> None:
        self._run = run
        self._queues = [readings_queue(partition) for partition in range(partitions)]
        self._position_queue = position_queue(shard)
        self._max_ready = max_ready
        self._connection = Connection(address, f"meter-{shard}", registry, self._declare)
        self._properties = Template(f"meter-{shard}")
        self._depths = Depths(self._connection, self._queues, registry)
        self._outbox = Outbox()
        self._outbox.complete(run.instant)
        self._given_up = False  # an instant was left out, so none may follow
        self._awake = False  # whether the connection's thread is about to send
        self._channel: Channel | None = None  # from here on: used in the connection's thread only
        self._envelopes: dict[str, Envelope] = {}  # by the name of the queue
        self._numbers: dict[int, int] = {}  # delivery tag -> number in the outbox
        self._lowest_tag, self._last_tag = 1, 0
        self._blocked = False
        self._saved: int | None = None
        self._saving: tuple[int, int] | None = None  # delivery tag and instant of a position on its way
        self._published = Counter(
            "pvsim_readings_published",
            "Readings that the broker confirmed or refused; messages it returned.",
            ["outcome"],
            registry=registry,
        )
        self._confirmed, self._refused, self._returned = map(
            self._published.labels, ("confirmed", "refused", "returned")
        )

    def __enter__(self) -> Self:
        self._connection.start()
        return self

    def __exit__(self, *_: object) -> None:
        deadline = time.monotonic() + _LAST_FLUSH_S
        self.flush(lambda: time.monotonic() > deadline or self._connection.failure is not None)
        self._connection.stop()

    def problem(self) -> str | None:
        """Why the broker does not take readings, None while it does."""
        return self._connection.problem()

    def publish(
        self, instant: int, messages: Iterable[tuple[int, EncodedReadings]], give_up: Callable[[], bool]
    ) -> None:
        """Publish all messages of an instant, each with its partition; waits while the window is full.

        If it has to give up while waiting, neither this instant nor a later one counts as published.
        Raises BrokerError if the broker client cannot go on.
        """

        def waits_in_vain() -> bool:
            self._wake()
            return give_up() or self._connection.failure is not None

        for outgoing in () if self._given_up else self._outgoing(messages):
            if not self._outbox.put(outgoing, give_up=waits_in_vain):
                self._given_up = True
                self._connection.raise_failure()
                return
            self._wake()
        if not self._given_up:
            self._outbox.complete(instant)

    def _outgoing(self, messages: Iterable[tuple[int, EncodedReadings]]) -> Iterator[list[Outgoing]]:
        """The same messages, some at a time."""
        each = (Outgoing(self._queues[partition].name, *readings) for partition, readings in messages)
        while several := list(islice(each, _PUT_AT_ONCE)):
            yield several

    def _wake(self) -> None:
        """Let the connection's thread send, unless it is about to."""
        if not self._awake:
            self._awake = True
            self._connection.call(self._send)

    def flush(self, give_up: Callable[[], bool]) -> bool:
        """Wait until all is confirmed and the position saved; False if it had to give up."""
        while not (self._outbox.wait_until_empty(0.05) and self._saved == self._outbox.confirmed_through()):
            if give_up():
                return False
            self._connection.raise_failure()
            time.sleep(0.01)
        return True

    # What follows runs in the connection's thread.

    def _declare(self, channel: Channel) -> None:
        self._outbox.send_all_again()
        self._numbers, self._lowest_tag, self._last_tag, self._saving = {}, 1, 0, None
        self._blocked = False
        self._depths.forget()
        channel.connection.add_on_connection_blocked_callback(self._on_blocked)
        channel.connection.add_on_connection_unblocked_callback(self._on_unblocked)
        channel.add_on_return_callback(self._on_returned)
        for queue in (*self._queues, self._position_queue):
            channel.queue_declare(queue.name, durable=True, arguments=queue.arguments, callback=self._on_declared)
        channel.connection.direct(channel, confirmed=self._on_confirmed)
        channel.confirm_delivery(unheard, callback=lambda _frame: self._begin(channel))

    def _begin(self, channel: Channel) -> None:
        self._channel = channel
        self._envelopes = {queue.name: Envelope(channel, queue.name) for queue in (*self._queues, self._position_queue)}
        self._connection.opened()
        self._tick(channel)
        self._send()

    def _tick(self, channel: Channel) -> None:
        """Every 0.2 s: save the position, and ask how many messages wait in each queue."""
        if self._channel != channel or not channel.is_open:
            return
        self._save_position(channel)
        for queue in self._queues:
            channel.queue_declare(queue.name, passive=True, callback=self._on_declared)
        self._connection.later(_TICK_S, lambda: self._tick(channel))

    def _on_declared(self, frame: Method) -> None:
        was_paused = self._is_paused()
        self._depths.told(frame)
        if was_paused and not self._is_paused():
            self._send()

    def _is_paused(self) -> bool:
        """Whether pvsim lags so far behind that more would only fill the broker."""
        return self._depths.most() > self._max_ready

    def _send(self) -> None:
        self._awake = False
        channel = self._channel
        while channel and channel.is_open and not (self._blocked or self._is_paused() or self._connection.failure):
            unsent = self._outbox.take_unsent()
            if not unsent:
                return
            first = self._hand_over(channel, [message for _, message in unsent])
            self._numbers.update(enumerate((number for number, _ in unsent), start=first))

    def _hand_over(self, channel: Channel, messages: list[Outgoing]) -> int:
        """Send messages; the delivery tag of the first, those of the others follow."""
        now_ms = time.time_ns() // 1_000_000
        frames: list[bytes] = []
        for message in messages:
            properties = self._properties.filled(message_id=message.message_id, published_ms=now_ms)
            frames += self._envelopes[message.queue].around(properties, message.body)
        channel.connection.send(b"".join(frames), count=len(frames))
        first = self._last_tag + 1
        self._last_tag += len(messages)
        return first

    def _save_position(self, channel: Channel) -> None:
        instant = self._outbox.confirmed_through()
        if instant is None or instant == self._saved or self._saving or self._blocked:
            return
        body = msgspec.json.encode(msgspec.structs.replace(self._run, instant=instant))
        tag = self._hand_over(channel, [Outgoing(self._position_queue.name, body, f"position/{instant}", 0)])
        self._saving = (tag, instant)

    def _on_confirmed(self, confirm: Confirm) -> None:
        if self._connection.failure:
            return  # a returned message is confirmed too: the position must not pass it
        last = confirm.tag
        tags = range(self._lowest_tag, last + 1) if confirm.multiple else range(last, last + 1)
        numbers = [self._numbers.pop(tag) for tag in tags if tag in self._numbers]
        if confirm.multiple:
            self._lowest_tag = last + 1
        if self._saving and self._saving[0] in tags:
            self._saved = self._saving[1] if confirm.accepted else self._saved
            self._saving = None
        if confirm.accepted:
            self._confirmed.inc(self._outbox.confirm(numbers))
        elif numbers:
            self._refused.inc(self._outbox.send_again(numbers))
            self._connection.later(_TICK_S, self._send)

    def _on_returned(self, _channel: Channel, method: Basic.Return, _properties: BasicProperties, _body: bytes) -> None:
        self._returned.inc()
        self._connection.fail(BrokerError(f"the broker has no queue {method.routing_key!r} any more"))

    def _on_blocked(self, _connection: pika.SelectConnection, frame: Method) -> None:
        self._blocked = True
        self._connection.blocked(str(frame.method.reason))

    def _on_unblocked(self, _connection: pika.SelectConnection, _frame: Method) -> None:
        self._blocked = False
        self._connection.blocked(None)
        self._send()
