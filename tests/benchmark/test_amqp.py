"""Frames made by hand are what AMQP says, and are found in whatever pieces they arrive."""

import pika
import pytest
from pika.frame import Body, Header, Method, decode_frame
from tests.benchmark.amqp import ACK, DELIVER, ack, frames, method, methods, publication

STREAM = publication("ceiling", b"hello") + ack(7)


def decoded(stream: bytes) -> list[Method | Header | Body]:
    """The frames as pika reads them."""
    found = []
    while stream:
        used, frame = decode_frame(stream)
        found.append(frame)
        stream = stream[used:]
    return found


def test_pika_reads_a_publication_as_a_persistent_message_to_the_queue() -> None:
    publish, header, body = decoded(publication("ceiling", b"hello"))

    assert (publish.method.exchange, publish.method.routing_key) == ("", "ceiling")
    assert (header.body_size, header.properties.delivery_mode) == (5, pika.DeliveryMode.Persistent.value)
    assert body.fragment == b"hello"


def test_pika_reads_an_ack_of_many() -> None:
    (frame,) = decoded(ack(7))

    assert (frame.method.delivery_tag, frame.method.multiple) == (7, True)


@pytest.mark.parametrize("at", range(len(STREAM)))
def test_frames_are_found_wherever_the_stream_is_cut(at: int) -> None:
    first, rest = frames(STREAM[:at])
    second, nothing = frames(rest + STREAM[at:])

    assert first + second == frames(STREAM)[0]
    assert nothing == b""


def test_only_the_methods_asked_for_are_found() -> None:
    found, _ = frames(publication("ceiling", b"x" * 100) + method(1, *DELIVER, b"rest") + ack(7))

    assert list(methods(found, DELIVER)) == [b"rest"]
    assert list(methods(found, ACK)) == [b"\0\0\0\0\0\0\0\7\1"]
