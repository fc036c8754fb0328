"""What stands in a message's properties ends no connection."""

import struct

import pytest
from pika import frame
from pika.exceptions import InvalidFrameError
from pika.spec import BasicProperties

from pvsim_common.broker.frames import TolerantConnection


def header_frame(headers: bytes, *, body_size: int = 10) -> bytes:
    """The frame that announces a message on channel 7 with this table of headers."""
    properties = struct.pack(">HI", BasicProperties.FLAG_HEADERS, len(headers)) + headers
    content = struct.pack(">HHQ", BasicProperties.INDEX, 0, body_size) + properties
    return struct.pack(">BHI", 2, 7, len(content)) + content + b"\xce"


def read(buffer: bytes) -> tuple[int, frame.Frame | None]:
    connection = object.__new__(TolerantConnection)  # without a socket
    connection._frame_buffer = buffer
    return connection._read_frame()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"T" + b"\xff" * 8, "out of range"),
        (b"d\x7f\xf8" + bytes(6), "NaN"),
        (b"f\x7f\x80" + bytes(2), "infinity"),
        (b"Q", "InvalidFieldTypeException"),
        (b"I\0", "unpack_from requires a buffer"),
    ],
    ids=["instant", "not a number", "infinity", "unknown type", "cut short"],
)
def test_a_header_that_cannot_be_decoded_leaves_the_message_without_properties(value: bytes, reason: str) -> None:
    sent = header_frame(b"\x01h" + value)

    consumed, header = read(sent + b"the next frame")

    assert header is not None
    assert (consumed, header.channel_number, header.body_size) == (len(sent), 7, 10)
    assert reason in str(header.properties.headers)


def test_a_header_that_can_be_decoded_is() -> None:
    _, header = read(header_frame(b"\x01ht\x01"))

    assert header is not None
    assert header.properties.headers == {"h": True}


def test_a_frame_that_has_not_arrived_as_a_whole_is_waited_for() -> None:
    assert read(header_frame(b"\x01hT" + b"\xff" * 8)[:-1]) == (0, None)


def test_what_is_no_frame_still_ends_the_connection() -> None:
    with pytest.raises(InvalidFrameError):
        read(b"\x03\0\x01\0\0\0\x01x!")
