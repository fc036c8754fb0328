"""Keep messages that could not be understood, with the reason, before they are acknowledged."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import pika
import structlog
from pika.channel import Channel
from pika.frame import Method
from pika.spec import Basic, BasicProperties

from pvsim_common.broker.connection import Address, Connection
from pvsim_common.broker.deliveries import Refused
from pvsim_common.broker.queues import quarantine_queue
from pvsim_common.broker.refusals import Refusals
from pvsim_common.messages import MAX_REASON

_CONFIRM_TIMEOUT_S = 2.0


class Outcomes(NamedTuple):
    """What became of messages: safe in quarantine, refused by it for good, or not answered for yet."""

    quarantined: Sequence[Refused] = ()
    discarded: Sequence[Refused] = ()
    waiting: Sequence[Refused] = ()


class Quarantine:
    """Publishes to readings.quarantine on a connection of its own, and waits for the confirms.

    A broker that is short of memory or disk stops reading from connections that publish. On this one nothing else is
    sent, so consuming goes on meanwhile.
    """

    def __init__(self, address: Address, *, name: str, origin: str) -> None:
        self._connection = Connection(address, f"{name}-quarantine", None, self._declare)
        self._origin = origin
        self._queue = quarantine_queue()
        self._refusals = Refusals()
        self._changed = threading.Condition()  # guards what follows
        self._channel: Channel | None = None
        self._is_blocked = False
        self._tags: dict[tuple[int, int], int] = {}  # message under way -> its delivery tag here
        self._answers: dict[int, bool] = {}  # delivery tag here -> whether it was accepted
        self._last_tag = 0

    def start(self) -> None:
        """Connect, and keep connected."""
        self._connection.start()

    def stop(self) -> None:
        """End the connection."""
        self._connection.stop()

    def raise_failure(self) -> None:
        """Raise BrokerError if the connection cannot go on."""
        self._connection.raise_failure()

    def refuse(self, refused: Refused) -> Refused:
        """Log that a message is refused."""
        self._refusals.say("message_refused", reason=refused.reason, message_id=_id(refused))
        return refused

    def keep(self, refused: Sequence[Refused]) -> Outcomes:
        """Put messages into quarantine, each with the reason; returns when the broker has answered for all.

        It returns at once where the broker takes nothing, and at the latest after two seconds: call it again with what
        is waiting then. A message that is under way is not published twice, unless the connection is lost.
        """
        self._refusals.catch_up()
        if not refused:
            return Outcomes()
        with self._changed:
            self._changed.wait_for(lambda: self._channel is not None, _CONFIRM_TIMEOUT_S)
            channel = self._channel
            if channel is not None and not self._is_blocked:
                self._connection.call(lambda: self._publish(channel, refused))
                self._changed.wait_for(lambda: self._is_over(channel, refused), _CONFIRM_TIMEOUT_S)
            return self._outcomes(refused)

    def discard(self, refused: Sequence[Refused]) -> None:
        """Log that messages are not kept."""
        for message in refused:
            self._refusals.say("message_discarded", reason=message.reason, message_id=_id(message))

    def _is_over(self, channel: Channel, refused: Sequence[Refused]) -> bool:
        return channel is not self._channel or self._is_blocked or None not in map(self._answer, refused)

    def _answer(self, refused: Refused) -> bool | None:
        return self._answers.get(self._tags.get(_key(refused), 0))

    def _outcomes(self, refused: Sequence[Refused]) -> Outcomes:
        """What is known now; what is known is forgotten, and so is what nobody asks for any more."""
        answers = [(message, self._answer(message)) for message in refused]
        waiting = [message for message, answer in answers if answer is None]
        self._tags = {key: self._tags[key] for key in map(_key, waiting) if key in self._tags}
        self._answers = {tag: self._answers[tag] for tag in self._tags.values() if tag in self._answers}
        outcomes = Outcomes(
            [message for message, answer in answers if answer],
            [message for message, answer in answers if answer is False],
            waiting,
        )
        self.discard(outcomes.discarded)
        return outcomes

    # What follows runs in the connection's thread.

    def _declare(self, channel: Channel) -> None:
        channel.add_on_close_callback(lambda *_: self._use(None))
        channel.add_on_return_callback(lambda *_: self._on_returned(channel))
        channel.connection.add_on_connection_blocked_callback(lambda *_: self._block(blocked=True))
        channel.connection.add_on_connection_unblocked_callback(lambda *_: self._block(blocked=False))
        channel.queue_declare(self._queue.name, durable=True, arguments=self._queue.arguments)
        channel.confirm_delivery(self._on_confirmed, callback=lambda _frame: self._begin(channel))

    def _begin(self, channel: Channel) -> None:
        self._connection.opened()
        self._use(channel)

    def _use(self, channel: Channel | None) -> None:
        with self._changed:
            self._channel, self._tags, self._answers, self._last_tag = channel, {}, {}, 0
            self._is_blocked = False
            self._changed.notify_all()

    def _block(self, *, blocked: bool) -> None:
        with self._changed:
            self._is_blocked = blocked
            self._changed.notify_all()

    def _publish(self, channel: Channel, refused: Sequence[Refused]) -> None:
        with self._changed:
            for message in refused if channel.is_open and channel is self._channel else ():
                if _key(message) in self._tags:
                    continue
                properties = self._properties(message)
                channel.basic_publish("", self._queue.name, message.delivery.body, properties, mandatory=True)
                self._last_tag += 1
                self._tags[_key(message)] = self._last_tag

    def _properties(self, refused: Refused) -> BasicProperties:
        headers = {
            "x-reason": refused.reason[:MAX_REASON],
            "x-origin-queue": self._origin,
            "x-first-seen": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        original = refused.delivery.properties
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
            for tag in self._tags.values():
                if tag == last or (frame.method.multiple and tag < last and tag not in self._answers):
                    self._answers[tag] = accepted
            self._changed.notify_all()

    def _on_returned(self, channel: Channel) -> None:
        """The queue is gone: begin anew, which declares it, before the confirm of what it did not get is believed."""
        self._use(None)
        structlog.get_logger().error("quarantine_gone", queue=self._queue.name)
        if channel.connection.is_open:
            channel.connection.close()


def _key(refused: Refused) -> tuple[int, int]:
    return id(refused.delivery.channel), refused.delivery.tag


def _id(refused: Refused) -> str | None:
    message_id = refused.delivery.properties.message_id
    return str(message_id) if message_id is not None else None
