"""What surrounds a message on its way to the broker, as bytes."""

import struct

from pika import frame, spec
from pika.channel import Channel

_BEGIN = struct.Struct(">BHL")  # type and channel of a frame, size of its content
_BEGIN_OF_HEADER = struct.Struct(">BHLHHQ")  # then class, weight and size of the body
_OVERHEAD = 8  # bytes of a frame around its content
_END = b"\xce"


class Envelope:
    """What surrounds the bodies of messages to one queue, as bytes."""

    def __init__(self, channel: Channel, queue: str) -> None:
        number = channel.channel_number
        publish = spec.Basic.Publish(exchange="", routing_key=queue, mandatory=True)
        self._method = frame.Method(number, publish).marshal()
        self._channel = number
        self._most = channel.connection.params.frame_max - _OVERHEAD

    def around(self, properties: bytes, body: bytes) -> list[bytes]:
        """The frames of a message."""
        header = _BEGIN_OF_HEADER.pack(
            spec.FRAME_HEADER, self._channel, 12 + len(properties), spec.BasicProperties.INDEX, 0, len(body)
        )
        frames = [self._method, header + properties + _END]
        for at in range(0, len(body), self._most):
            part = body[at : at + self._most]
            frames.append(_BEGIN.pack(spec.FRAME_BODY, self._channel, len(part)) + part + _END)
        return frames
