"""What surrounds a message on its way to the broker, as bytes."""

from pika import frame, spec
from pika.channel import Channel

from pvsim_common.broker.layout import BEFORE_PROPERTIES, BEGIN, BEGIN_OF_HEADER, END, OVERHEAD


class Envelope:
    """What surrounds the bodies of messages to one queue, as bytes."""

    def __init__(self, channel: Channel, queue: str) -> None:
        number = channel.channel_number
        publish = spec.Basic.Publish(exchange="", routing_key=queue, mandatory=True)
        self._method = frame.Method(number, publish).marshal()
        self._channel = number
        self._most = channel.connection.params.frame_max - OVERHEAD

    def around(self, properties: bytes, body: bytes) -> list[bytes]:
        """The frames of a message."""
        header = BEGIN_OF_HEADER.pack(
            spec.FRAME_HEADER,
            self._channel,
            BEFORE_PROPERTIES + len(properties),
            spec.BasicProperties.INDEX,
            0,
            len(body),
        )
        frames = [self._method, header + properties + END]
        for at in range(0, len(body), self._most):
            part = body[at : at + self._most]
            frames.append(BEGIN.pack(spec.FRAME_BODY, self._channel, len(part)) + part + END)
        return frames
