"""What stands in a message's properties: written as bytes that hardly change, read only as far as they matter."""

import struct
from typing import NamedTuple

import pika
from pika.exceptions import AMQPError
from pika.frame import Header
from pika.spec import BasicProperties

from pvsim_common.broker.layout import BEFORE_PROPERTIES, BEGIN
from pvsim_common.messages import MESSAGE_TYPE

DECODING_ERRORS = (ValueError, ArithmeticError, LookupError, RecursionError, struct.error, AMQPError)
"""What pika raises for properties that are beyond Python."""

_UNREADABLE = "x-unreadable-properties"
_INSTANT = struct.Struct(">q")


class Seen(NamedTuple):
    """What a consumer has to know of each message."""

    published_ms: int | None = None  # when it was published [ms since 1970], where that is told
    failed: int = 0  # deliveries that failed, as the broker counts them, if it delivers the message again
    unreadable: str | None = None  # why nothing is known


def encoded(*, message_id: str, app_id: str, published_ms: int) -> bytes:
    """The properties of our own messages, as AMQP has them on the wire."""
    properties = BasicProperties(
        content_type="application/json",
        delivery_mode=pika.DeliveryMode.Persistent.value,
        type=MESSAGE_TYPE,
        message_id=message_id,
        app_id=app_id,
        headers={"published_ms": published_ms},
    )
    return bytes(Header(1, 0, properties).marshal()[BEGIN.size + BEFORE_PROPERTIES : -1])


class Template:
    """Properties of one publisher: between those of two messages only the time and the message's id differ."""

    def __init__(self, app_id: str) -> None:
        made = encoded(message_id="", app_id=app_id, published_ms=_SOME_INSTANT)
        self._before, _, after = made.partition(_INSTANT.pack(_SOME_INSTANT))
        self._delivery_mode, self._after = after[:1], after[2:]  # between them: the length of the empty id

    def filled(self, *, message_id: str, published_ms: int) -> bytes:
        """The properties of a message. Raises ValueError where the id has more than 255 bytes."""
        name = message_id.encode()
        return b"".join(
            (self._before, _INSTANT.pack(published_ms), self._delivery_mode, bytes((len(name),)), name, self._after)
        )


def seen(properties: bytes) -> Seen:
    """What matters of a message's properties.

    Those of our own publishers begin with the same bytes, then comes the time; what a broker or another publisher adds
    to the headers changes these bytes, and all is decoded.
    """
    if properties.startswith(_OUR_BEGIN) and len(properties) >= len(_OUR_BEGIN) + _INSTANT.size:
        return Seen(_INSTANT.unpack_from(properties, len(_OUR_BEGIN))[0])
    known = decoded(properties).headers or {}
    published_ms, failed = known.get("published_ms"), known.get("x-delivery-count")
    return Seen(
        published_ms if isinstance(published_ms, int) else None,
        failed if isinstance(failed, int) else 0,
        known.get(_UNREADABLE),
    )


def decoded(properties: bytes) -> BasicProperties:
    """All of a message's properties; where they cannot be decoded none but the reason, which `seen` knows."""
    made = BasicProperties()
    try:
        made.decode(properties)
    except DECODING_ERRORS as error:
        return without(error)
    if made.headers and _UNREADABLE in made.headers:
        del made.headers[_UNREADABLE]  # a stranger's
    return made


def without(error: Exception) -> BasicProperties:
    """Stands for properties that cannot be decoded."""
    return BasicProperties(headers={_UNREADABLE: f"its properties cannot be read: {type(error).__name__}: {error}"})


_SOME_INSTANT = 0x0123_4567_89AB_CDEF  # no other bytes of the properties are these
_OUR_BEGIN = encoded(message_id="", app_id="", published_ms=_SOME_INSTANT).partition(_INSTANT.pack(_SOME_INSTANT))[0]
