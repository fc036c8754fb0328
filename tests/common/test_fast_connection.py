"""Deliveries and confirms go straight to who asked for them, however the bytes come in; the rest is pika's."""

import struct
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika import frame, spec
from pika.exceptions import InvalidFrameError, UnexpectedFrameError

from pvsim_common.broker.envelope import Envelope
from pvsim_common.broker.frames import Arrived, Confirm, FastConnection
from pvsim_common.broker.properties import encoded

CHANNEL = 1
PROPERTIES = encoded(message_id="home-1/2026-06-21T10:00:00Z", app_id="meter-0", published_ms=1_782_036_000_123)


class Listening(FastConnection):
    """A connection without a socket that remembers what it passed on."""

    def __init__(self, *channels: int) -> None:
        self._frame_buffer = b""
        self.bytes_received = self.frames_received = 0
        self._transport = SimpleNamespace()
        self.arrived: list[Arrived] = []
        self.confirms: list[Confirm] = []
        self.others: list[Any] = []
        for number in channels:
            channel: Any = SimpleNamespace(channel_number=number)
            self.direct(channel, delivered=self.arrived.append, confirmed=self.confirms.append)

    def _process_frame(self, frame_value: frame.Frame) -> None:
        self.others.append(frame_value)


def delivered(tag: int, body: bytes, *, redelivered: bool = False, most: int = 100, channel: int = CHANNEL) -> bytes:
    """The frames of a message, as a broker whose frames hold so many bytes sends it."""
    method = spec.Basic.Deliver(
        consumer_tag="ctag1.0", delivery_tag=tag, redelivered=redelivered, exchange="", routing_key="readings.0"
    )
    header = struct.pack(">HHQ", spec.BasicProperties.INDEX, 0, len(body)) + PROPERTIES
    parts = [body[at : at + most] for at in range(0, len(body), most)]
    return b"".join(
        [
            frame.Method(channel, method).marshal(),
            struct.pack(">BHL", 2, channel, len(header)) + header + b"\xce",
            *(frame.Body(channel, part).marshal() for part in parts),
        ]
    )


@pytest.mark.parametrize("size", [0, 1, 100, 101, 350])
def test_a_message_arrives_with_its_tag_its_properties_as_they_are_and_its_body(size: int) -> None:
    connection = Listening(CHANNEL)

    connection._on_data_available(delivered(7, b"x" * size, redelivered=True))

    assert connection.arrived == [Arrived(7, True, PROPERTIES, b"x" * size)]
    assert connection.others == []


@given(st.data())
def test_it_does_not_matter_where_what_was_received_is_cut(data: st.DataObject) -> None:
    stream = b"".join(
        [
            delivered(1, b"a" * 130),
            frame.Heartbeat().marshal(),
            frame.Method(CHANNEL, spec.Basic.Ack(5, True)).marshal(),
            delivered(2, b""),
            delivered(3, b"c"),
        ]
    )
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream) - 1), max_size=8)))
    connection = Listening(CHANNEL)

    for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        connection._on_data_available(stream[begin:end])

    assert [(message.tag, len(message.body)) for message in connection.arrived] == [(1, 130), (2, 0), (3, 1)]
    assert connection.confirms == [Confirm(5, True, True)]
    assert [type(other) for other in connection.others] == [frame.Heartbeat]
    assert connection.bytes_received == len(stream)
    assert connection._frame_buffer == b""


@pytest.mark.parametrize("multiple", [False, True])
@pytest.mark.parametrize(("method", "accepted"), [(spec.Basic.Ack, True), (spec.Basic.Nack, False)])
def test_confirms_say_which_message_and_whether_it_was_accepted(
    method: type[spec.Basic.Ack], accepted: bool, multiple: bool
) -> None:
    connection = Listening(CHANNEL)

    connection._on_data_available(frame.Method(CHANNEL, method(2**40, multiple)).marshal())

    assert connection.confirms == [Confirm(2**40, multiple, accepted)]


def test_the_frames_of_other_channels_and_all_other_methods_are_pikas() -> None:
    connection = Listening(CHANNEL)

    connection._on_data_available(delivered(1, b"x", channel=2))
    connection._on_data_available(frame.Method(CHANNEL, spec.Queue.DeclareOk("q", 3, 1)).marshal())
    connection._on_data_available(frame.Method(CHANNEL, spec.Basic.Return(312, "NO_ROUTE", "", "q")).marshal())

    assert connection.arrived == []
    kinds = [type(getattr(other, "method", other)) for other in connection.others]
    assert kinds == [spec.Basic.Deliver, frame.Header, frame.Body, spec.Queue.DeclareOk, spec.Basic.Return]


def test_a_frame_without_its_end_ends_the_connection() -> None:
    with pytest.raises(InvalidFrameError):
        Listening(CHANNEL)._on_data_available(frame.Heartbeat().marshal()[:-1] + b"!" + bytes(8))


def test_a_frame_that_does_not_belong_into_a_message_ends_the_connection() -> None:
    begin = delivered(1, b"x" * 200)[: -len(frame.Body(CHANNEL, b"x" * 100).marshal())]

    with pytest.raises(UnexpectedFrameError):
        Listening(CHANNEL)._on_data_available(begin + frame.Body(CHANNEL, b"x" * 101).marshal())


@pytest.mark.parametrize("size", [0, 1, 1000, 4096, 4097, 20_000])
def test_what_surrounds_a_body_is_what_pika_would_send(size: int) -> None:
    channel: Any = SimpleNamespace(
        channel_number=CHANNEL, connection=SimpleNamespace(params=SimpleNamespace(frame_max=4096))
    )

    stream = b"".join(Envelope(channel, "readings.3").around(PROPERTIES, b"x" * size))

    found, at = [], 0
    while at < len(stream):
        consumed, one = frame.decode_frame(stream[at:])
        assert consumed <= 4096
        found.append(one)
        at += consumed
    method, header, *bodies = found
    assert isinstance(method, frame.Method)
    assert isinstance(header, frame.Header)
    assert (method.method.exchange, method.method.routing_key, method.method.mandatory) == ("", "readings.3", True)
    assert (header.body_size, header.properties.message_id) == (size, "home-1/2026-06-21T10:00:00Z")
    assert b"".join(body.fragment for body in bodies if isinstance(body, frame.Body)) == b"x" * size
