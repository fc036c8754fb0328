"""A publisher whose broker is not there: it waits, it gives up when told, and it claims nothing."""

import socket
from collections.abc import Iterator

import pytest
from pika.spec import Basic, BasicProperties
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from pvsim_common.broker import BrokerError, Position, Publisher
from pvsim_common.broker.frames import Confirm
from pvsim_common.broker.outbox import WINDOW_BYTES, WINDOW_MESSAGES
from pvsim_common.messages import EncodedReadings, Roster

RUN = Position(instant=0, start="now", interval_s=1.0, shards=1, origin=1000, since=1000)
READINGS = Roster(["home-1"]).encode("1970-01-01T00:00:01Z", 1.0, [100])


class Nowhere:
    """The address of a port where nobody listens."""

    broker_ca_file = broker_certificate_file = broker_key_file = None

    def __init__(self, port: int) -> None:
        self.broker_url = SecretStr(f"amqp://guest:guest@127.0.0.1:{port}/")


@pytest.fixture
def nowhere() -> Iterator[Nowhere]:
    with socket.socket() as taken:  # bound but not listening: nobody else can take it meanwhile
        taken.bind(("127.0.0.1", 0))
        yield Nowhere(taken.getsockname()[1])


def publisher(address: Nowhere, registry: CollectorRegistry | None = None) -> Publisher:
    """One that is not started: what it is given stays where it is."""
    return Publisher(address, run=RUN, shard=0, partitions=1, max_ready=100, registry=registry or CollectorRegistry())


def give_up() -> bool:
    return True


def test_it_says_why_it_is_not_ready(nowhere: Nowhere) -> None:
    assert publisher(nowhere).problem() == "not connected to the broker yet"


def test_before_it_waits_for_a_full_window_it_has_the_connection_send(nowhere: Nowhere) -> None:
    unconnected = publisher(nowhere)
    large = EncodedReadings(bytes(WINDOW_BYTES), "home-1/now", 1)
    about_to_send: list[bool] = []

    def look() -> bool:
        about_to_send.append(unconnected._awake)
        return True

    unconnected.publish(1000, [(0, large)] * 2, give_up=look)

    assert about_to_send == [True]  # else nothing would ever make room


def test_flushing_gives_up_when_told_and_says_that_not_all_is_confirmed(nowhere: Nowhere) -> None:
    unconnected = publisher(nowhere)
    unconnected.publish(1000, [(0, READINGS)], give_up=give_up)

    assert not unconnected.flush(give_up)


def test_after_giving_up_no_later_instant_is_taken(nowhere: Nowhere) -> None:
    unconnected = publisher(nowhere)
    unconnected.publish(1000, [(0, READINGS)] * (WINDOW_MESSAGES + 1), give_up=give_up)  # one more than fits

    later = iter([(0, READINGS)])
    unconnected.publish(2000, later, give_up=give_up)

    assert list(later) == [(0, READINGS)]  # not even asked for


def test_after_giving_up_no_instant_counts_though_all_that_was_taken_is_confirmed(nowhere: Nowhere) -> None:
    unconnected = publisher(nowhere)
    unconnected.publish(1000, [(0, READINGS)], give_up=give_up)
    unconnected.publish(2000, [(0, READINGS)] * WINDOW_MESSAGES, give_up=give_up)
    unconnected.publish(3000, [], give_up=give_up)

    unconnected._outbox.confirm(range(WINDOW_MESSAGES))  # as the broker does

    assert unconnected._outbox.confirmed_through() == 1000


def test_a_returned_message_is_no_retry_but_the_end_and_the_position_never_passes_it(nowhere: Nowhere) -> None:
    unconnected = publisher(nowhere)
    unconnected.publish(1000, [(0, READINGS)], give_up=give_up)
    unconnected._numbers = {1: 0}  # it was sent

    unconnected._on_returned(None, Basic.Return(312, "NO_ROUTE", "", "readings.0"), BasicProperties(), b"")
    unconnected._on_confirmed(Confirm(1, False, True))  # the broker confirms what it returned

    assert unconnected._outbox.confirmed_through() == 0
    assert unconnected.problem() == "broker client failed: the broker has no queue 'readings.0' any more"
    with pytest.raises(BrokerError, match="no queue 'readings"):
        unconnected.flush(lambda: False)


def test_a_message_that_the_broker_refuses_is_sent_again(nowhere: Nowhere) -> None:
    registry = CollectorRegistry()
    unconnected = publisher(nowhere, registry)
    unconnected.publish(1000, [(0, READINGS)], give_up=give_up)
    unconnected._outbox.take_unsent()
    unconnected._numbers = {1: 0}

    unconnected._on_confirmed(Confirm(1, False, False))

    assert [number for number, _ in unconnected._outbox.take_unsent()] == [0]
    assert registry.get_sample_value("pvsim_readings_published_total", {"outcome": "refused"}) == 1.0
    assert unconnected._outbox.confirmed_through() == 0


def test_every_outcome_is_counted_from_0(nowhere: Nowhere) -> None:
    registry = CollectorRegistry()

    publisher(nowhere, registry)

    counts = {
        outcome: registry.get_sample_value("pvsim_readings_published_total", {"outcome": outcome})
        for outcome in ("confirmed", "refused", "returned")
    }
    assert counts == {"confirmed": 0.0, "refused": 0.0, "returned": 0.0}
