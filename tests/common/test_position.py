"""The position of a meter is read as soon as the broker gives it; until then the reason is told."""

from typing import Any

import pika
import pytest
from pika.exceptions import ConnectionClosedByBroker, ConnectionWrongStateError
from pydantic import SecretStr
from structlog.testing import capture_logs

from pvsim_common.broker.position import read_positions


class Somewhere:
    """Where a broker might be."""

    broker_url = SecretStr("amqp://127.0.0.1:1/")
    broker_ca_file = broker_certificate_file = broker_key_file = None


class LostConnection:
    """A connection that the broker closes when the queue is asked for."""

    is_open = False

    def __init__(self, *_: object, **__: object) -> None:
        """As pika's."""

    def channel(self) -> Any:  # noqa: ANN401 - never returns
        """As pika's, when the connection is closed meanwhile."""
        raise ConnectionClosedByBroker(541, "INTERNAL_ERROR - the queue does not answer")

    def close(self) -> None:
        """As pika's."""
        raise ConnectionWrongStateError("close() called on closed connection.")


def test_why_the_broker_closed_the_connection_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pika, "BlockingConnection", LostConnection)
    with capture_logs() as logged:
        read_positions(Somewhere(), [0], stopping=lambda: bool(logged))

    assert [event["event"] for event in logged] == ["broker_lost"]
    assert "the queue does not answer" in logged[0]["reason"]
