"""AMQP 0-9-1 framed by hand: as little between a program and the broker as there can be."""

import socket
import struct
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

METHOD, HEADER, BODY = 1, 2, 3
DELIVER, ACK = (60, 60), (60, 80)
_BASIC, _PERSISTENT = 60, struct.pack(">HB", 1 << 12, 2)  # the flag of the delivery mode, and 2: to disk
_DURABLE, _END = 2, b"\xce"


class Frame(NamedTuple):
    """A frame as it comes: its type, and what it holds."""

    type: int
    payload: bytes

    @property
    def method(self) -> tuple[int, int]:
        """Class and number of a method."""
        class_id, number = struct.unpack_from(">HH", self.payload)
        return class_id, number


def frames(buffer: bytes) -> tuple[list[Frame], bytes]:
    """The whole frames at the begin of what has arrived, and the rest."""
    found, at, size = [], 0, len(buffer)
    while size - at >= 8:
        kind, _, length = struct.unpack_from(">BHI", buffer, at)
        if size - at < length + 8:
            break
        found.append(Frame(kind, buffer[at + 7 : at + 7 + length]))
        at += length + 8
    return found, buffer[at:]


def frame(kind: int, channel: int, payload: bytes) -> bytes:
    """A frame to send."""
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + _END


def method(channel: int, class_id: int, number: int, arguments: bytes) -> bytes:
    """The frame of a method."""
    return frame(METHOD, channel, struct.pack(">HH", class_id, number) + arguments)


def publication(queue: str, body: bytes) -> bytes:
    """The three frames of a persistent message to a queue."""
    header = struct.pack(">HHQ", _BASIC, 0, len(body)) + _PERSISTENT
    return b"".join(
        (
            method(1, 60, 40, struct.pack(">H", 0) + _short("") + _short(queue) + b"\0"),
            frame(HEADER, 1, header),
            frame(BODY, 1, body),
        )
    )


def ack(tag: int) -> bytes:
    """The frame that acknowledges all messages up to this one, or confirms them."""
    return method(1, *ACK, struct.pack(">QB", tag, 1))


class Channel:
    """A connection with one channel."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""
        self.send(b"AMQP\x00\x00\x09\x01")
        start = self._expect(10, 10)
        self.broker_version = _text_after(b"\x07versionS", start)
        login = f"\0{unquote(parts.username or '')}\0{unquote(parts.password or '')}"
        self.send(method(0, 10, 11, _table({}) + _short("PLAIN") + _long(login) + _short("en_US")))
        channels, frame_max, _ = struct.unpack_from(">HIH", self._expect(10, 30), 4)
        self.send(method(0, 10, 31, struct.pack(">HIH", channels, frame_max, 0)))
        self.send(method(0, 10, 40, _short("/") + b"\0\0"))
        self._expect(10, 41)
        self._call(20, 10, _short(""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        self._socket.close()

    def declare(self, queue: str) -> None:
        """Make a durable quorum queue."""
        table = _table({"x-queue-type": "quorum"})
        self._call(50, 10, struct.pack(">H", 0) + _short(queue) + bytes([_DURABLE]) + table)

    def confirm(self) -> None:
        """Have publications confirmed."""
        self._call(85, 10, b"\0")

    def consume(self, queue: str, *, prefetch: int) -> None:
        """Have messages delivered, so many before they are acknowledged."""
        self._call(60, 10, struct.pack(">IHB", 0, prefetch, 0))
        self._call(60, 20, struct.pack(">H", 0) + _short(queue) + _short("") + b"\0" + _table({}))

    def send(self, content: bytes) -> None:
        """Send frames."""
        self._socket.sendall(content)

    def receive(self) -> Iterable[Frame]:
        """What has arrived; waits for it. Raises ConnectionError where the broker has ended it."""
        content = self._socket.recv(1 << 20)
        if not content:
            raise ConnectionError("the broker closed the connection")
        found, self._rest = frames(self._rest + content)
        return found

    def _call(self, class_id: int, number: int, arguments: bytes) -> None:
        """Call a method of the channel and wait for its answer, whose number is the next."""
        self.send(method(1, class_id, number, arguments))
        self._expect(class_id, number + 1)

    def _expect(self, class_id: int, number: int) -> bytes:
        while True:
            for answer in self.receive():
                if answer.type == METHOD and answer.method == (class_id, number):
                    return answer.payload
                if answer.type == METHOD and answer.method in ((10, 50), (20, 40)):
                    raise ConnectionError(repr(answer.payload))


def methods(found: Iterable[Frame], wanted: tuple[int, int]) -> Iterator[bytes]:
    """What the frames of a method hold after class and number."""
    head = struct.pack(">HH", *wanted)
    return (payload[4:] for kind, payload in found if kind == METHOD and payload.startswith(head))


def _short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def _long(text: str) -> bytes:
    return struct.pack(">I", len(text)) + text.encode()


def _table(texts: dict[str, str]) -> bytes:
    content = b"".join(_short(key) + b"S" + _long(value) for key, value in texts.items())
    return struct.pack(">I", len(content)) + content


def _text_after(key: bytes, payload: bytes) -> str:
    """A text in a table of the broker's."""
    at = payload.index(key) + len(key)
    (length,) = struct.unpack_from(">I", payload, at)
    return payload[at + 4 : at + 4 + length].decode()
