"""Look at what is in quarantine, and act on it: each message is held while it is judged, and stays where it is kept."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, NackError, UnroutableError
from pika.spec import BasicProperties

from pvsim_common.broker.connection import Address, BrokerError, one_attempt, why
from pvsim_common.broker.frames import TolerantConnection
from pvsim_common.broker.queues import quarantine_queue
from pvsim_common.messages import MESSAGE_TYPE

Verdict = Literal["keep", "requeue", "drop"]


class Quarantined(NamedTuple):
    """A message in quarantine; texts are as their publisher chose them, so not safe for a terminal."""

    id: str
    reason: str
    origin: str
    first_seen: str
    message_id: str | None
    app_id: str | None
    body: bytes


class Result(NamedTuple):
    """What became of a message: as it was judged, or kept because its queue did not take it, and why."""

    message: Quarantined
    verdict: Verdict
    failure: str | None = None


def inspect(address: Address, judge: Callable[[Quarantined], Verdict], *, most: int | None) -> Iterator[Result]:
    """Judge the messages that are in quarantine now, the first ones first, at most so many; what is kept stays there.

    A message is published to its queue and confirmed before it leaves the quarantine: a crash between the two leaves a
    second copy, whose readings are repetitions. Raises BrokerError.
    """
    try:
        with _channel(address) as (channel, there):
            yield from _judged(channel, judge, there if most is None else min(most, there))
    except (AMQPError, OSError) as error:
        raise BrokerError(f"the broker cannot be used: {why(error)}") from error


@contextmanager
def _channel(address: Address) -> Iterator[tuple[BlockingChannel, int]]:
    """A channel with confirms, and how many messages there are; when it is closed, those it holds go back, in order."""
    settings = one_attempt(address, "quarantine-command")
    with pika.BlockingConnection(settings, _impl_class=TolerantConnection) as connection:
        channel = connection.channel()
        queue = quarantine_queue()
        declared = channel.queue_declare(queue.name, durable=True, arguments=queue.arguments)
        channel.confirm_delivery()
        yield channel, declared.method.message_count


def _judged(channel: BlockingChannel, judge: Callable[[Quarantined], Verdict], most: int) -> Iterator[Result]:
    for _ in range(most):  # and not until there is none: one that is put back may be refused again meanwhile
        method, properties, body = channel.basic_get(quarantine_queue().name)
        if method is None or properties is None or body is None:
            return
        message = _quarantined(properties, body)
        result = _carried_out(channel, Result(message, judge(message)))
        if result.verdict != "keep":
            channel.basic_ack(method.delivery_tag)
        yield result


def _carried_out(channel: BlockingChannel, result: Result) -> Result:
    if result.verdict != "requeue":
        return result
    message = result.message
    properties = BasicProperties(
        content_type="application/json",
        delivery_mode=pika.DeliveryMode.Persistent.value,
        type=MESSAGE_TYPE,
        message_id=message.message_id,
        app_id=message.app_id,
    )
    try:
        channel.basic_publish("", message.origin, message.body, properties, mandatory=True)
    except UnroutableError:
        return Result(message, "keep", f"there is no queue {message.origin!r}")
    except NackError:
        return Result(message, "keep", f"queue {message.origin!r} takes no messages")
    return result


def _quarantined(properties: BasicProperties, body: bytes) -> Quarantined:
    headers = properties.headers or {}
    reason, origin, seen = (str(headers.get(name, "")) for name in ("x-reason", "x-origin-queue", "x-first-seen"))
    name = hashlib.sha256("\0".join((reason, origin, seen, "")).encode() + body).hexdigest()[:12]
    return Quarantined(name, reason, origin, seen, _text(properties.message_id), _text(properties.app_id), body)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
