"""Consume the readings of a partition in batches, acknowledged only when their owner says so."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, Self

from pika.channel import Channel
from pika.spec import Basic, BasicProperties
from prometheus_client import CollectorRegistry, Counter, Histogram

from pvsim_common.broker.admission import Admission
from pvsim_common.broker.connection import Address, Connection
from pvsim_common.broker.depths import Depths
from pvsim_common.broker.quarantine import Quarantine
from pvsim_common.broker.queues import quarantine_queue, readings_queue
from pvsim_common.messages import InvalidMessageError, MeterReadings
from pvsim_common.service import Stop

_BATCH_READINGS = 5000
_LINGER_S, _LINGER_BUSY_S = 0.005, 0.05  # how long a batch waits for more; longer after a full one
_DEPTH_EVERY_S = 2.0
_DELAY_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600, 3600)


class Delivery(NamedTuple):
    """A message as it came, and on which channel: an ack is of use on that one only."""

    channel: Channel
    tag: int
    properties: BasicProperties
    body: bytes


class Batch:
    """Readings that came together, each with its instant [ms since 1970]. Acknowledge it when they are safe."""

    def __init__(self, subscriber: "Subscriber") -> None:
        self._subscriber = subscriber
        self.readings: list[tuple[int, MeterReadings]] = []
        self.refused: list[tuple[Delivery, str]] = []
        self.published_ms: list[int] = []
        self.count = 0
        self.last: Delivery | None = None

    def ack(self, *, recorded: int) -> None:
        """Let the broker forget these messages; so many of their readings were recorded, the rest were duplicates."""
        self._subscriber.ack(self, recorded)


class Subscriber:
    """Consumes one partition's queue; what cannot be understood goes to quarantine and is never in a batch."""

    def __init__(
        self,
        address: Address,
        *,
        partition: int,
        partitions: int,
        prefetch: int,
        max_sites: int,
        registry: CollectorRegistry,
    ) -> None:
        self._queue = readings_queue(partition)
        self._admission = Admission(partition=partition, partitions=partitions, max_sites=max_sites)
        self._prefetch = prefetch
        self._connection = Connection(address, f"pvsim-{partition}", registry, self._declare)
        self._depths = Depths(self._connection, [self._queue, quarantine_queue()], registry)
        self._quarantine = Quarantine(self._connection, origin=self._queue.name, on_open=self._ask_for_quarantine)
        self._buffer: deque[Delivery] = deque()
        self._arrived = threading.Event()
        self._consumed = Counter(
            "pvsim_readings_consumed",
            "Readings recorded or dropped as duplicates; messages quarantined or discarded.",
            ["outcome"],
            registry=registry,
        )
        for outcome in ("recorded", "duplicate", "quarantined", "discarded"):
            self._consumed.labels(outcome)
        self._delay = Histogram(
            "pvsim_record_delay_seconds",
            "Wall-clock time from publishing a message to its records being on disk.",
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )

    def __enter__(self) -> Self:
        self._connection.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.stop()

    def problem(self) -> str | None:
        """Why no readings come from the broker, None while they can."""
        return self._connection.problem()

    def batches(self, until: Stop) -> Iterator[Batch]:
        """Batches of up to about 5000 readings, as they come, until the service shall stop."""
        linger_s = _LINGER_S
        while not until.is_set():
            self._connection.raise_failure()
            if not self._buffer:
                self._arrived.wait(0.5)
                self._arrived.clear()
                continue
            batch = self._collect(linger_s)
            linger_s = _LINGER_BUSY_S if batch.count >= _BATCH_READINGS else _LINGER_S
            yield batch

    def ack(self, batch: Batch, recorded: int) -> None:
        """Acknowledge a batch once its bad messages are safe in quarantine; see Batch.ack."""
        outcomes = self._quarantine.keep(batch.refused)
        self._consumed.labels("recorded").inc(recorded)
        self._consumed.labels("duplicate").inc(batch.count - recorded)
        self._consumed.labels("quarantined").inc(outcomes.quarantined)
        self._consumed.labels("discarded").inc(outcomes.discarded)
        now_ms = time.time_ns() // 1_000_000
        for published_ms in batch.published_ms:
            self._delay.observe(max(now_ms - published_ms, 0) / 1000)
        if batch.last:
            self._connection.call(_again(batch.last) if outcomes.lost else _forget(batch.last))

    def _collect(self, linger_s: float) -> Batch:
        batch = Batch(self)
        deadline = time.monotonic() + linger_s
        while batch.count < _BATCH_READINGS:
            if self._buffer:
                self._admit(batch, self._buffer.popleft())
                continue
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._arrived.clear()
            if not self._buffer:
                self._arrived.wait(left)
        return batch

    def _admit(self, batch: Batch, delivery: Delivery) -> None:
        batch.last = delivery
        try:
            admitted = self._admission.admit(delivery.body)
        except InvalidMessageError as error:
            batch.refused.append((delivery, str(error)))
            return
        batch.readings.append(admitted)
        batch.count += len(admitted[1].sites)
        published_ms = (delivery.properties.headers or {}).get("published_ms")
        if isinstance(published_ms, int):
            batch.published_ms.append(published_ms)

    # What follows runs in the connection's thread.

    def _declare(self, channel: Channel) -> None:
        channel.add_on_cancel_callback(lambda _frame: channel.close())  # the queue is gone: begin anew
        self._depths.forget()
        self._quarantine.open(channel.connection)
        channel.queue_declare(self._queue.name, durable=True, arguments=self._queue.arguments)
        channel.basic_qos(prefetch_count=self._prefetch)
        channel.basic_consume(self._queue.name, self._on_message, callback=lambda _frame: self._begin(channel))

    def _begin(self, channel: Channel) -> None:
        self._connection.opened()
        self._depths.ask(channel, self._queue, every_s=_DEPTH_EVERY_S)

    def _ask_for_quarantine(self, channel: Channel) -> None:
        self._depths.ask(channel, quarantine_queue(), every_s=_DEPTH_EVERY_S)

    def _on_message(self, channel: Channel, method: Basic.Deliver, properties: BasicProperties, body: bytes) -> None:
        self._buffer.append(Delivery(channel, method.delivery_tag, properties, body))
        if not self._arrived.is_set():
            self._arrived.set()


def _forget(last: Delivery) -> Callable[[], None]:
    """Acknowledge this and all deliveries before it, if their channel is still open; else they come again."""
    return lambda: last.channel.basic_ack(last.tag, multiple=True) if last.channel.is_open else None


def _again(last: Delivery) -> Callable[[], None]:
    """Close the connection, so that all that is not acknowledged comes again before anything later is."""
    return lambda: last.channel.connection.close() if last.channel.is_open else None
