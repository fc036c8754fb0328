"""Keep messages that could not be understood, with the reason, before they are acknowledged."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import pika
import structlog
from pika.channel import Channel
from pika.frame import Method
from pika.spec import Basic, BasicProperties

from pvsim_common.broker.connection import Connection
from pvsim_common.broker.queues import quarantine_queue

if TYPE_CHECKING:
    from pvsim_common.broker.subscriber import Delivery

_CONFIRM_TIMEOUT_S = 10.0
_MAX_REASON = 1000  # characters


class Outcomes(NamedTuple):
    """How many messages are safe in quarantine, were refused by it for good, or have to come again."""

    quarantined: int = 0
    discarded: int = 0
    lost: int = 0


class Quarantine:
    """Publishes to readings.quarantine on a channel of its own, and waits for the confirms."""

    def __init__(self, connection: Connection, *, origin: str, on_open: Callable[[Channel], None]) -> None:
        self._connection = connection
        self._origin = origin
        self._on_open = on_open
        self._queue = quarantine_queue()
        self._log = structlog.get_logger()
        self._changed = threading.Condition()
        self._channel: Channel | None = None
        self._waiting: dict[int, bool | None] = {}  # delivery tag -> accepted, None as long as nobody knows
        self._last_tag = 0

    def open(self, connection: pika.SelectConnection) -> None:
        """Open the channel on a new connection. In the connection's thread, as all that pika calls."""
        with self._changed:
            self._channel, self._waiting, self._last_tag = None, {}, 0
            self._changed.notify_all()
        connection.channel(on_open_callback=self._declare)

    def keep(self, refused: Sequence[tuple["Delivery", str]]) -> Outcomes:
        """Put messages into quarantine, each with the reason; returns when the broker has answered for all."""
        if not refused:
            return Outcomes()
        for delivery, reason in refused:
            self._log.warning("message_refused", reason=reason, message_id=delivery.properties.message_id)
        with self._changed:
            self._changed.wait_for(lambda: self._channel is not None, _CONFIRM_TIMEOUT_S)
            channel = self._channel
            if channel is None:
                return Outcomes(lost=len(refused))
            self._connection.call(lambda: self._publish(channel, refused))
            answered = self._changed.wait_for(lambda: self._is_answered(channel, len(refused)), _CONFIRM_TIMEOUT_S)
            answers = list(self._waiting.values()) if answered and channel is self._channel else []
            self._waiting = {}
        for (delivery, reason), accepted in zip(refused, answers, strict=False):
            if not accepted:
                self._log.error("message_discarded", reason=reason, message_id=delivery.properties.message_id)
        lost = len(refused) - len(answers)
        return Outcomes(answers.count(True), answers.count(False), lost)

    def _is_answered(self, channel: Channel, count: int) -> bool:
        answers = self._waiting.values()
        return channel is not self._channel or (len(answers) == count and None not in answers)

    def _declare(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._on_closed)
        channel.add_on_return_callback(lambda *_: self._on_returned(channel))
        channel.queue_declare(self._queue.name, durable=True, arguments=self._queue.arguments)
        channel.confirm_delivery(self._on_confirmed, callback=lambda _frame: self._use(channel))

    def _use(self, channel: Channel) -> None:
        with self._changed:
            self._channel = channel
            self._changed.notify_all()
        self._on_open(channel)

    def _publish(self, channel: Channel, refused: Sequence[tuple["Delivery", str]]) -> None:
        if not channel.is_open:
            return
        for delivery, reason in refused:
            properties = self._properties(delivery.properties, reason)
            channel.basic_publish("", self._queue.name, delivery.body, properties, mandatory=True)
            self._last_tag += 1
            with self._changed:
                self._waiting[self._last_tag] = None

    def _properties(self, original: BasicProperties, reason: str) -> BasicProperties:
        headers = {
            "x-reason": reason[:_MAX_REASON],
            "x-origin-queue": self._origin,
            "x-first-seen": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        return BasicProperties(
            content_type=original.content_type,
            type=original.type,
            message_id=original.message_id,
            app_id=original.app_id,
            delivery_mode=pika.DeliveryMode.Persistent.value,
            headers=headers,
        )

    def _on_confirmed(self, frame: Method) -> None:
        last, accepted = frame.method.delivery_tag, isinstance(frame.method, Basic.Ack)
        with self._changed:
            for tag in self._waiting:
                if tag == last or (frame.method.multiple and tag < last and self._waiting[tag] is None):
                    self._waiting[tag] = accepted
            self._changed.notify_all()

    def _on_returned(self, channel: Channel) -> None:
        """The queue is gone: begin anew, which declares it, before the confirm of what it did not get is believed."""
        with self._changed:
            self._channel = None
            self._changed.notify_all()
        self._log.error("quarantine_gone", queue=self._queue.name)
        if channel.connection.is_open:
            channel.connection.close()

    def _on_closed(self, channel: Channel, reason: Exception) -> None:
        with self._changed:
            self._channel = None
            self._changed.notify_all()
        if channel.connection.is_open:
            self._log.error("broker_closed_channel", channel="quarantine", reason=str(reason))
            channel.connection.close()
