"""Connections that no publisher can end: what a message's properties hold may be beyond Python."""

import struct

import pika
from pika import frame
from pika.spec import BasicProperties

_UNREADABLE = "x-unreadable-properties"
_HEADER_FRAME = 2
_PREFIX = struct.Struct(">BHLHHQ")  # type, channel and size of the frame; class, weight and size of the body
_OVERHEAD = 8  # bytes of a frame around its content


class TolerantConnection(pika.SelectConnection):
    """Delivers messages whose properties cannot be decoded without them, instead of ending.

    A header may be an instant in the year 292 billion, a number that is none, or nested thousands of times: the broker
    passes it on, pika raises what it raises, and would do so again each time the message comes.
    """

    def _read_frame(self) -> tuple[int, frame.Frame | None]:
        """The next frame and its size, none where it has not arrived as a whole. pika asks this of itself."""
        try:
            consumed, found = super()._read_frame()
            return consumed, found
        except (
            ValueError,
            ArithmeticError,
            LookupError,
            RecursionError,
            struct.error,
            pika.exceptions.AMQPError,
        ) as error:
            if self._frame_buffer[:1] != bytes([_HEADER_FRAME]):
                raise
            return _without_properties(bytes(self._frame_buffer[: _PREFIX.size]), error)


def unreadable(properties: BasicProperties) -> str | None:
    """Why a message has come without its properties, None where it has them."""
    if not properties.headers or _UNREADABLE not in properties.headers:
        return None
    return f"its properties cannot be read: {properties.headers[_UNREADABLE]}"


def _without_properties(begin: bytes, error: Exception) -> tuple[int, frame.Frame]:
    _, channel, size, _, _, body_size = _PREFIX.unpack(begin)
    reason = f"{type(error).__name__}: {error}"
    return size + _OVERHEAD, frame.Header(channel, body_size, BasicProperties(headers={_UNREADABLE: reason}))
