"""How the broker client waits between attempts, and how it tells what went wrong."""

import socket

from pika.exceptions import AMQPConnectionError, ConnectionClosedByBroker

from pvsim_common.broker.connection import backoff_s, why


class WrapperError(Exception):
    """As pika's own: what it wraps stands in an attribute."""

    def __init__(self, exceptions: list[Exception]) -> None:
        super().__init__("1 exceptions in all")
        self.exceptions = exceptions


def test_the_pause_doubles_from_a_tenth_of_a_second_up_to_five_seconds_with_jitter() -> None:
    pauses = [[backoff_s(attempt) for _ in range(100)] for attempt in (0, 1, 5, 6, 1000)]

    longest = [0.1, 0.2, 3.2, 5.0, 5.0]
    assert all(most / 2 <= pause <= most for most, tried in zip(longest, pauses, strict=True) for pause in tried)
    assert all(len(set(tried)) > 1 for tried in pauses)


def test_the_reason_of_a_failed_connection_is_the_innermost() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")

    assert why(AMQPConnectionError(WrapperError([socket.gaierror(), refused]))) == "[Errno 111] Connection refused"


def test_a_refused_login_is_told_in_plain_words() -> None:
    reason = ConnectionClosedByBroker(403, "ACCESS_REFUSED - Login was refused")

    assert why(reason).startswith("user, password or virtual host refused")


def test_an_error_without_a_text_is_told_by_its_name() -> None:
    assert why(TimeoutError()) == "TimeoutError()"
