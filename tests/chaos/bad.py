"""Kinds of messages that nobody can understand, or that are more than pvsim takes."""

import json
import pickle
from typing import Any

import pika

_GOOD: dict[str, Any] = {
    "timestamp": "2026-06-21T10:00:00Z",
    "interval_s": 1.0,
    "sites": ["home-1", "home-2"],
    "power_w": [432, 1187],
}


def _but(**changes: object) -> bytes:
    """A good message but for some fields."""
    return json.dumps(_GOOD | changes).encode()


def _without(field: str) -> bytes:
    return json.dumps({name: value for name, value in _GOOD.items() if name != field}).encode()


KINDS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"not json",
    "no text": b"\xff\xfe\x00",
    "half of a message": _but()[:60],
    "two messages": _but() + b"\n" + _but(),
    "a pickle": pickle.dumps(_GOOD),
    "a list": b"[]",
    "a number": b"1e400",
    "null": b"null",
    "deep nesting": b"[" * 100_000,
    "too large": b" " * (4 * 1024 * 1024 + 1),
    **{f"no {field}": _without(field) for field in _GOOD},
    "an unknown field": _but(volts=230),
    "lengths that differ": _but(power_w=[432]),
    "negative power": _but(power_w=[432, -1]),
    "power in fractions": _but(power_w=[432, 1.5]),
    "power beyond a megawatt": _but(power_w=[432, 1_000_001]),
    "power as text": _but(power_w=[432, "1187"]),
    "power as truth": _but(power_w=[432, True]),
    "no number": _but(power_w=[432, float("nan")]),
    "no sites": _but(sites=[], power_w=[]),
    "a site twice": _but(sites=["home-1", "home-1"]),
    "a site in capitals": _but(sites=["home-1", "Home-2"]),
    "a site without a name": _but(sites=["home-1", ""]),
    "a site with a line end": _but(sites=["home-1", "home-2\n"]),
    "a name of 64 characters": _but(sites=["home-1", "h" * 64]),
    "10,001 sites": _but(sites=[f"home-{n}" for n in range(10_001)], power_w=[1] * 10_001),
    "a site beyond max_sites": _but(sites=["stranger"], power_w=[1]),
    "an instant without offset": _but(timestamp="2026-06-21T10:00:00"),
    "an instant too fine": _but(timestamp="2026-06-21T10:00:00.0001Z"),
    "an instant before 1970": _but(timestamp="1969-12-31T23:59:59Z"),
    "an instant after 2199": _but(timestamp="2200-01-01T00:00:00Z"),
    "30 February": _but(timestamp="2026-02-30T10:00:00Z"),
    "no interval": _but(interval_s=0),
    "an interval of two hours": _but(interval_s=7200),
    "an interval too fine": _but(interval_s=0.0105),
    "headers that cannot be read": _but(timestamp="2026-06-21T10:00:01Z"),
}


class _UnreadableHeaders(pika.BasicProperties):  # type: ignore[misc] # pika has no types
    """Headers with an instant that Python does not know, in AMQP's own encoding."""

    def encode(self) -> list[bytes]:
        """As pika encodes properties: which there are, then their values."""
        table = b"\x01h" + b"T" + b"\xff" * 8
        return [self.FLAG_HEADERS.to_bytes(2, "big"), len(table).to_bytes(4, "big"), table]


HEADERS: dict[str, pika.BasicProperties] = {"headers that cannot be read": _UnreadableHeaders()}
