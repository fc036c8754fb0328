"""Connections that no publisher can end, and that hand over what comes and goes by the thousand at little cost."""

import struct
from collections.abc import Callable
from typing import NamedTuple

import pika
from pika import frame, spec
from pika.channel import Channel

from pvsim_common.broker.layout import BEFORE_PROPERTIES, BEGIN, BEGIN_OF_HEADER, END, OVERHEAD
from pvsim_common.broker.properties import DECODING_ERRORS, without

_METHOD, _HEADER, _BODY = spec.FRAME_METHOD, spec.FRAME_HEADER, spec.FRAME_BODY
_DELIVER, _ACK, _NACK = (struct.pack(">L", m.INDEX) for m in (spec.Basic.Deliver, spec.Basic.Ack, spec.Basic.Nack))
_TAG_AND_FLAGS = struct.Struct(">QB")
_BODY_SIZE = struct.Struct(">Q")
_RECEIVED_AT_ONCE = 256 * 1024


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
        except DECODING_ERRORS as error:
            if self._frame_buffer[:1] != bytes([_HEADER]):
                raise
            begin = BEGIN_OF_HEADER.unpack(bytes(self._frame_buffer[: BEGIN_OF_HEADER.size]))
            _, channel, size, _, _, body_size = begin
            return size + OVERHEAD, frame.Header(channel, body_size, without(error))


class Arrived(NamedTuple):
    """A message as it is delivered; its properties are not decoded yet."""

    tag: int
    redelivered: bool
    properties: bytes
    body: bytes


class Confirm(NamedTuple):
    """The broker's answer for a published message, or for all up to it."""

    tag: int
    multiple: bool
    accepted: bool


class Traffic(NamedTuple):
    """Who takes the frames of a channel that come by the thousand."""

    delivered: Callable[[Arrived], None]
    confirmed: Callable[[Confirm], None]


def unheard(*_: object) -> None:
    """Takes the place of a callback where there is nothing to do, or where this connection calls another one."""


class FastConnection(TolerantConnection):
    """Hands deliveries and confirms straight to who takes them, past pika's objects and callbacks.

    That is several times faster. All other frames are pika's.
    """

    _frame_buffer: bytes
    _traffic: dict[int, Traffic] | None = None
    _arriving: "_Arriving | None" = None

    def direct(
        self,
        channel: Channel,
        *,
        delivered: Callable[[Arrived], None] = unheard,
        confirmed: Callable[[Confirm], None] = unheard,
    ) -> None:
        """From now on these take the deliveries and confirms of a channel."""
        self._traffic = {**(self._traffic or {}), channel.channel_number: Traffic(delivered, confirmed)}
        self._transport._MAX_RECV_BYTES = _RECEIVED_AT_ONCE  # each call gives up the interpreter's lock

    def send(self, frames: bytes, *, count: int) -> None:
        """Send frames that are encoded already."""
        self.bytes_sent += len(frames)
        self.frames_sent += count
        self._adapter_emit_data(frames)

    def _output_marshaled_frames(self, marshaled_frames: list[bytes]) -> None:
        """Send the frames of a message at once, where pika would do it one by one."""
        self.send(b"".join(marshaled_frames), count=len(marshaled_frames))

    def _on_data_available(self, data_in: bytes) -> None:
        """Take all frames that have arrived as a whole. pika calls this with what it received."""
        if not self._traffic:
            super()._on_data_available(data_in)
            return
        received = self._frame_buffer + data_in if self._frame_buffer else data_in
        at = 0
        while (end := _end_of_frame(received, at)) and self._traffic:
            if not self._is_taken(received, at, end):
                self._frame_buffer = received[at:end]
                consumed, found = self._read_frame()
                if found is None or consumed != end - at:
                    raise pika.exceptions.InvalidFrameError("a frame does not end where it says")
                self._process_frame(found)
            self.bytes_received += end - at
            at = end
        self._frame_buffer = received[at:] if self._traffic else b""

    def _is_taken(self, received: bytes, at: int, end: int) -> bool:
        """Give a frame to the traffic of its channel, if it is one of those."""
        kind, channel, _ = BEGIN.unpack_from(received, at)
        traffic = (self._traffic or {}).get(channel)
        if traffic is None:
            return False
        if kind == _METHOD:
            return self._is_method_taken(traffic, received[at + 7 : at + 11], received, at + 11)
        if self._arriving is None:
            return False
        self._arriving.take(kind, received[at + 7 : end - 1])
        if self._arriving.is_complete():
            arriving, self._arriving = self._arriving, None
            traffic.delivered(arriving.message())
        self.frames_received += 1
        return True

    def _is_method_taken(self, traffic: Traffic, method: bytes, received: bytes, at: int) -> bool:
        if method == _DELIVER:
            tag, redelivered = _TAG_AND_FLAGS.unpack_from(received, at + 1 + received[at])  # behind the consumer's tag
            self._arriving = _Arriving(tag, bool(redelivered & 1))
        elif method in (_ACK, _NACK):
            tag, flags = _TAG_AND_FLAGS.unpack_from(received, at)
            traffic.confirmed(Confirm(tag, bool(flags & 1), method == _ACK))
        else:
            return False
        self.frames_received += 1
        return True

    def _init_connection_state(self) -> None:
        """Begin anew, or end: pika calls this."""
        super()._init_connection_state()
        self._traffic = self._arriving = None


class _Arriving:
    """A message whose frames come one after another."""

    def __init__(self, tag: int, redelivered: bool) -> None:
        self._tag, self._redelivered = tag, redelivered
        self._properties: bytes | None = None
        self._left = 0
        self._parts: list[bytes] = []

    def take(self, kind: int, content: bytes) -> None:
        """Take the next frame. Raises pika's UnexpectedFrameError for one that does not belong here."""
        if kind == _HEADER and self._properties is None:
            (self._left,) = _BODY_SIZE.unpack_from(content, 4)
            self._properties = content[BEFORE_PROPERTIES:]
        elif kind == _BODY and self._properties is not None and len(content) <= self._left:
            self._left -= len(content)
            self._parts.append(content)
        else:
            raise pika.exceptions.UnexpectedFrameError(f"a frame of type {kind} within a message")

    def is_complete(self) -> bool:
        """Whether all has come."""
        return self._properties is not None and not self._left

    def message(self) -> Arrived:
        """All of it."""
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        return Arrived(self._tag, self._redelivered, self._properties or b"", body)


def _end_of_frame(received: bytes, at: int) -> int:
    """Where the frame that begins there ends; 0 where it has not arrived as a whole."""
    if len(received) - at < OVERHEAD:
        return 0
    end: int = at + OVERHEAD + BEGIN.unpack_from(received, at)[2]
    if end > len(received):
        return 0
    if received[end - 1] != END[0]:
        raise pika.exceptions.InvalidFrameError("a frame does not end where it says")
    return end
