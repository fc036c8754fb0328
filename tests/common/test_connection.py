"""What the broker client connects with, and how it waits between attempts."""

from pathlib import Path
from ssl import SSLError

import pytest
from pydantic import SecretStr

from pvsim_common.broker.connection import backoff_s, parameters


class Somewhere:
    """An address as BrokerSettings has it."""

    def __init__(self, url: str, ca_file: Path | None = None) -> None:
        self.broker_url = SecretStr(url)
        self.broker_ca_file = ca_file
        self.broker_certificate_file: Path | None = None
        self.broker_key_file: Path | None = None


def test_the_url_says_where_to_connect_and_as_whom() -> None:
    found = parameters(Somewhere("amqp://user:pass%2Fword@broker:5673/home"), "meter-0")

    assert (found.host, found.port, found.virtual_host) == ("broker", 5673, "home")
    assert (found.credentials.username, found.credentials.password) == ("user", "pass/word")


def test_a_dead_connection_is_noticed_after_ten_seconds_and_has_a_name() -> None:
    found = parameters(Somewhere("amqp://guest:guest@localhost/"), "meter-0")

    assert found.heartbeat == 10
    assert found.client_properties["connection_name"] == "meter-0"


def test_without_tls_nothing_is_encrypted() -> None:
    assert parameters(Somewhere("amqp://guest:guest@localhost/"), "meter-0").ssl_options is None


def test_with_tls_the_host_name_is_checked() -> None:
    found = parameters(Somewhere("amqps://guest:guest@broker/"), "meter-0")

    assert found.port == 5671  # IANA: amqps
    assert found.ssl_options.server_hostname == "broker"
    assert found.ssl_options.context.check_hostname


def test_a_ca_file_that_holds_no_certificate_is_an_error(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("")

    with pytest.raises(SSLError):
        parameters(Somewhere("amqps://guest:guest@broker/", empty), "meter-0")


def test_pauses_grow_up_to_five_seconds_with_half_of_each_left_to_chance() -> None:
    longest = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]

    for attempt, limit in enumerate(longest):
        pauses = [backoff_s(attempt) for _ in range(50)]

        assert limit / 2 <= min(pauses) < max(pauses) <= limit


def test_after_days_of_attempts_the_pause_is_still_five_seconds() -> None:
    assert 2.5 <= backoff_s(100_000) <= 5.0
