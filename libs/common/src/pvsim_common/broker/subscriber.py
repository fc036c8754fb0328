"""Consume the readings of a partition in batches, acknowledged only when their owner says so."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from pika.channel import Channel
from prometheus_client import CollectorRegistry, Counter, Histogram

from pvsim_common.broker.admission import Admission
from pvsim_common.broker.batch import Batch
from pvsim_common.broker.connection import Address, BrokerError, Connection
from pvsim_common.broker.consumer import Consumer
from pvsim_common.broker.deliveries import Delivery, Refused
from pvsim_common.broker.depths import Depths
from pvsim_common.broker.quarantine import Quarantine
from pvsim_common.broker.queues import quarantine_queue, readings_queue
from pvsim_common.broker.suspects import SUSPICIOUS, Suspects
from pvsim_common.broker.window import Window
from pvsim_common.messages import InvalidMessageError
from pvsim_common.segments import JournalError
from pvsim_common.service import Stop

_BATCH_READINGS = 10_000
_LINGER_S, _LINGER_BUSY_S = 0.005, 0.05  # how long a batch waits for more; longer after a full one
_DEPTH_EVERY_S = 2.0
_PATIENCE_S = 60.0  # how long bad messages that fill the window wait for a quarantine that does not answer
_DELAY_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600, 3600)
_KNOWN_ENDS = (OSError, JournalError, BrokerError)  # of a process that no message has crashed


class Subscriber:
    """Consumes one partition's queue; what cannot be understood goes to quarantine and is never in a batch."""

    def __init__(
        self,
        address: Address,
        *,
        partition: int,
        partitions: int,
        prefetch: int,
        prefetch_bytes: int = 64 * 1024 * 1024,
        max_sites: int,
        suspects_file: Path | None = None,
        registry: CollectorRegistry,
    ) -> None:
        """At most `prefetch` messages and `prefetch_bytes`, or one message, are held unacknowledged.

        The file remembers across crashes which message was handled alone; without it none is given up for crashing.
        """
        name = f"pvsim-{partition}"
        self._queue = readings_queue(partition)
        self._admission = Admission(partition=partition, partitions=partitions, max_sites=max_sites)
        self._connection = Connection(address, name, registry, self._declare)
        self._consumer = Consumer(self._connection, self._queue, Window(most=prefetch, most_bytes=prefetch_bytes))
        self._most_messages = max(1, prefetch // 2)  # while half a window is handled, the other half is on its way
        self._depths = Depths(self._connection, [self._queue, quarantine_queue()], registry)
        self._quarantine = Quarantine(address, name=name, origin=self._queue.name)
        self._suspects = Suspects(suspects_file)
        self._handled: Delivery | None = None  # a suspect, until its batch is acknowledged
        self._ahead: Delivery | None = None  # taken, for the next batch
        self._waiting: Sequence[Refused] = ()  # for the quarantine's answer
        self._waiting_since = 0.0
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
        self._quarantine.start()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if self._handled and (not isinstance(error, Exception) or isinstance(error, _KNOWN_ENDS)):
            self._suspects.finished(self._handled.body)
        self._connection.stop()
        self._quarantine.stop()

    def problem(self) -> str | None:
        """Why no readings come from the broker, None while they can."""
        return self._connection.problem()

    def batches(self, until: Stop, before_waiting: Callable[[], None] = lambda: None) -> Iterator[Batch]:
        """Batches of up to about 10,000 readings, as they come, until the service shall stop.

        `before_waiting` is called when nothing has arrived: the time to acknowledge what was put off.
        A batch without readings gives what waits for the quarantine another chance.
        """
        linger_s = _LINGER_S
        while not until.is_set():
            self._connection.raise_failure()
            self._quarantine.raise_failure()
            batch = self._collect(linger_s, before_waiting)
            if batch.last or self._waiting:
                linger_s = _LINGER_BUSY_S if self._is_full(batch) else _LINGER_S
                yield batch

    def ack(self, batch: Batch, recorded: int) -> None:
        """Acknowledge a batch, without the bad messages that are not safe in quarantine yet; see Batch.ack."""
        self._consumed.labels("recorded").inc(recorded)
        self._consumed.labels("duplicate").inc(batch.count - recorded)
        now_ms = time.time_ns() // 1_000_000
        for published_ms in batch.published_ms:
            self._delay.observe(max(now_ms - published_ms, 0) / 1000)
        waited = [refused for refused in self._waiting if refused.delivery.channel.is_open]
        self._waiting = self._put_aside([*waited, *batch.refused])
        if batch.suspect:
            self._handled = None
            if not self._waiting:
                self._suspects.finished(batch.suspect.body)
        last = batch.last or (waited[-1].delivery if waited else None)
        if last is None:
            return
        if not self._waiting:
            self._consumer.forget(last)
        else:
            waiting = {refused.delivery.tag for refused in self._waiting}
            tags = [*(refused.delivery.tag for refused in waited), *batch.tags]
            self._consumer.forget_each(last.channel, [tag for tag in tags if tag not in waiting])

    def _put_aside(self, refused: Sequence[Refused]) -> Sequence[Refused]:
        """Put bad messages into quarantine; those that have to wait."""
        kept, discarded, waiting = self._quarantine.keep(refused)
        if not (waiting and self._waiting):
            self._waiting_since = time.monotonic()
        elif self._consumer.is_full() and time.monotonic() - self._waiting_since > _PATIENCE_S:
            self._quarantine.discard(waiting)  # else nothing would be consumed any more
            discarded, waiting = [*discarded, *waiting], ()
        self._consumed.labels("quarantined").inc(len(kept))
        self._consumed.labels("discarded").inc(len(discarded))
        return waiting

    def _collect(self, linger_s: float, before_waiting: Callable[[], None]) -> Batch:
        """What has arrived or arrives soon; nothing after half a second without any."""
        batch = Batch(self.ack)
        deadline = time.monotonic() + 0.5
        while not (self._is_full(batch) or batch.suspect):
            delivery = self._next()
            if delivery is None:
                before_waiting()
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._consumer.wait(left)
                continue
            if not batch.last:
                deadline = time.monotonic() + linger_s
            if not self._belongs(delivery, batch):
                break
            self._add(delivery, batch)
        return batch

    def _is_full(self, batch: Batch) -> bool:
        return batch.count >= _BATCH_READINGS or len(batch.tags) >= self._most_messages

    def _next(self) -> Delivery | None:
        delivery, self._ahead = self._ahead, None
        return delivery if delivery and delivery.channel.is_open else self._consumer.take()

    def _belongs(self, delivery: Delivery, batch: Batch) -> bool:
        """Whether a message can be handled in this batch: not one of another channel, nor a suspect among others."""
        if batch.last:
            belongs = delivery.failed < SUSPICIOUS and delivery.channel is batch.last.channel
            self._ahead = None if belongs else delivery
            return belongs
        if delivery.failed >= SUSPICIOUS and not delivery.alone:
            self._consumer.begin_anew(delivery.channel)  # until then nothing of this channel is acknowledged any more
            return False
        return True

    def _add(self, delivery: Delivery, batch: Batch) -> None:
        batch.last = delivery
        batch.tags.append(delivery.tag)
        reason = delivery.unreadable
        if delivery.failed >= SUSPICIOUS:
            reason = self._suspects.verdict(delivery.body, delivery.failed)
            batch.suspect = self._handled = delivery
        if reason:
            batch.refused.append(self._quarantine.refuse(Refused(delivery, reason)))
        else:
            self._admit(delivery, batch)

    def _admit(self, delivery: Delivery, batch: Batch) -> None:
        try:
            admitted = self._admission.admit(delivery.body)
        except InvalidMessageError as error:
            batch.refused.append(self._quarantine.refuse(Refused(delivery, str(error))))
            return
        batch.readings.append(admitted)
        batch.count += len(admitted.sites)
        if delivery.published_ms is not None:
            batch.published_ms.append(delivery.published_ms)

    # What follows runs in the connection's thread.

    def _declare(self, channel: Channel) -> None:
        self._depths.forget()
        queue = quarantine_queue()
        channel.queue_declare(queue.name, durable=True, arguments=queue.arguments, callback=self._depths.told)
        self._consumer.open(channel, lambda: self._begin(channel))

    def _begin(self, channel: Channel) -> None:
        self._connection.opened()
        self._depths.ask(channel, self._queue, every_s=_DEPTH_EVERY_S)
        self._depths.ask(channel, quarantine_queue(), every_s=_DEPTH_EVERY_S)
