"""Properties of messages: our own in few steps, anybody's with the same result."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika.spec import BasicProperties

from pvsim_common.broker.properties import Seen, Template, decoded, encoded, seen

NOW = 1_782_036_000_123


def properties(headers: dict[str, Any] | None, **others: object) -> bytes:
    return b"".join(BasicProperties(headers=headers, **others).encode())


@given(st.text(max_size=60), st.integers(2**31, 2**62))
def test_a_template_is_filled_to_what_pika_encodes(message_id: str, published_ms: int) -> None:
    filled = Template("meter-12").filled(message_id=message_id, published_ms=published_ms)

    assert filled == encoded(message_id=message_id, app_id="meter-12", published_ms=published_ms)
    assert seen(filled) == Seen(published_ms)


def test_an_id_that_is_too_long_is_no_id() -> None:
    with pytest.raises(ValueError, match="256"):
        Template("meter-0").filled(message_id="x" * 256, published_ms=NOW)


def test_our_own_messages_are_persistent_json_of_a_known_type() -> None:
    ours = decoded(Template("meter-0").filled(message_id="home-1/now", published_ms=NOW))

    assert (ours.content_type, ours.type, ours.delivery_mode) == ("application/json", "meter-readings.v1", 2)
    assert (ours.message_id, ours.app_id, ours.headers) == ("home-1/now", "meter-0", {"published_ms": NOW})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (None, Seen()),
        ({}, Seen()),
        ({"published_ms": NOW, "x-delivery-count": 4}, Seen(NOW, 4)),
        ({"x-delivery-count": 3, "published_ms": NOW}, Seen(NOW, 3)),
        ({"published_ms": "today", "x-delivery-count": "many"}, Seen()),
        ({"x-unreadable-properties": "says a stranger"}, Seen()),
    ],
)
def test_what_others_add_is_seen(headers: dict[str, Any] | None, expected: Seen) -> None:
    assert seen(properties(headers, content_type="application/json", delivery_mode=2)) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"T" + b"\xff" * 8, "out of range"),
        (b"d\x7f\xf8" + bytes(6), "NaN"),
        (b"Q", "InvalidFieldTypeException"),
        (b"I\0", "unpack_from requires a buffer"),
    ],
)
def test_what_is_beyond_python_is_unreadable_and_says_why(value: bytes, reason: str) -> None:
    table = b"\x01h" + value
    raw = b"\x20\x00" + len(table).to_bytes(4) + table

    unreadable = seen(raw).unreadable

    assert unreadable is not None
    assert unreadable.startswith("its properties cannot be read: ")
    assert reason in unreadable
    assert decoded(raw).message_id is None


@given(st.binary(max_size=80))
def test_no_bytes_end_the_consumer(raw: bytes) -> None:
    seen(raw)
    seen(Template("meter-0").filled(message_id="a", published_ms=NOW)[:30] + raw)
