"""Messages that cannot be understood go to quarantine with the reason; good ones around them are recorded."""

import json
import pickle
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from tests.recorded import recorded

from pvsim_common.broker import Subscriber
from pvsim_common.broker.queues import position_queue, readings_queue
from pvsim_local import rabbitmq_files
from pvsim_local.rabbitmq import RabbitNode, server_command
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Channel: TypeAlias = pika.adapters.blocking_connection.BlockingChannel

MIB = 1024 * 1024
GOOD: dict[str, Any] = {
    "timestamp": "2026-06-21T10:00:00Z",
    "interval_s": 1.0,
    "sites": ["home-1", "home-2"],
    "power_w": [432, 1187],
}
BAD: list[tuple[bytes, str]] = [
    (b"not json", "malformed"),
    (b"\xff\xfe", "malformed"),
    (pickle.dumps(GOOD), "malformed"),
    (b"[]", "object"),
    (json.dumps(GOOD | {"power_w": [432]}).encode(), "`sites` has 2 entries but `power_w` has 1"),
    (json.dumps(GOOD | {"power_w": [432, -1]}).encode(), "`$.power_w[1]`, got -1"),
    (json.dumps(GOOD | {"power_w": [432, 1.5]}).encode(), "`$.power_w[1]`, got 1.5"),
    (json.dumps(GOOD | {"power_w": [432, 1_000_001]}).encode(), "`$.power_w[1]`, got 1000001"),
    (json.dumps(GOOD | {"sites": ["home-1", "Home 2"]}).encode(), "`$.sites[1]`, got 'Home 2'"),
    (json.dumps(GOOD | {"sites": ["home-1", "home-1"]}).encode(), "`sites` names 'home-1' twice"),
    (json.dumps(GOOD | {"sites": [], "power_w": []}).encode(), "`$.sites`, got []"),
    (json.dumps(GOOD | {"timestamp": "2026-06-21T10:00:00"}).encode(), "`timestamp`"),
    (json.dumps(GOOD | {"timestamp": "2026-06-21T10:00:00.0001Z"}).encode(), "`timestamp`"),
    (json.dumps(GOOD | {"timestamp": "1969-12-31T23:59:59Z"}).encode(), "not between 1970 and 2200"),
    (json.dumps(GOOD | {"interval_s": 0}).encode(), "`$.interval_s`, got 0"),
    (json.dumps(GOOD | {"interval_s": float("nan")}).encode(), "malformed"),
    (json.dumps(GOOD | {"volts": 230}).encode(), "`volts`"),
    (json.dumps({key: value for key, value in GOOD.items() if key != "sites"}).encode(), "`sites`"),
    (b" " * (4 * 1024 * 1024 + 1), "4194305 bytes"),
]


class Plain:
    """Where a broker is, without TLS."""

    broker_ca_file = broker_certificate_file = broker_key_file = None

    def __init__(self, broker: RabbitNode) -> None:
        self.broker_url = SecretStr(broker.url)


class RawHeaders(pika.BasicProperties):  # type: ignore[misc] # pika has no types
    """Properties whose headers are one value, given in AMQP's own encoding, named h."""

    def __init__(self, value: bytes) -> None:
        super().__init__()
        self._table = b"\x01h" + value

    def encode(self) -> list[bytes]:
        """As pika encodes properties: which there are, then their values."""
        return [self.FLAG_HEADERS.to_bytes(2, "big"), len(self._table).to_bytes(4, "big"), self._table]


def nested(depth: int) -> bytes:
    """A table in a table in a table ..., so deep."""
    table = b""
    for _ in range(depth):
        table = b"\x01h" + b"F" + len(table).to_bytes(4, "big") + table
    return table[2:]


def good(second: int) -> bytes:
    return json.dumps(GOOD | {"timestamp": f"2026-06-21T10:00:{second:02}Z"}).encode()


def publish(channel: Channel, body: bytes, queue: str = "readings.0") -> None:
    properties = pika.BasicProperties(message_id="test/1", app_id="stranger", delivery_mode=2)
    channel.basic_publish("", queue, body, properties, mandatory=True)


def exists(queue: str, channel: Channel) -> bool:
    with channel.connection.channel() as another:  # the broker closes the one that asks for what is not there
        try:
            another.queue_declare(queue, passive=True)
        except ChannelClosedByBroker:
            return False
    return True


def value(service: ServiceProcess, metric: str) -> float:
    """What a service says of itself."""
    found = re.search(rf"^{re.escape(metric)} (\S+)", service.get("/metrics")[1], re.MULTILINE)
    return float(found[1]) if found else 0.0


def quarantined(channel: Channel) -> list[tuple[bytes, dict[str, str]]]:
    found = []
    while (answer := channel.basic_get("readings.quarantine", auto_ack=True))[0] is not None:
        _, properties, body = answer
        found.append((body, properties.headers | {"message_id": properties.message_id, "app_id": properties.app_id}))
    return found


@contextmanager
def short_of_memory(broker: RabbitNode) -> Iterator[None]:
    """Let the broker believe that it has no memory left."""
    set_watermark(broker, "0.0000001")
    try:
        yield
    finally:
        set_watermark(broker, "0.4")


def set_watermark(broker: RabbitNode, share: str) -> None:
    environment = rabbitmq_files.environment(broker.directory, broker.identity)
    command = [str(Path(server_command()).with_name("rabbitmqctl")), "set_vm_memory_high_watermark", share]
    subprocess.run(command, env=environment, cwd=broker.directory, check=True, timeout=120)


def test_bad_messages_among_good_ones_are_quarantined_with_the_reason_and_none_is_lost(
    service: Callable[..., ServiceProcess], channel: Channel, journal: Path
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200)

    for second, (body, _) in enumerate(BAD):
        publish(channel, body)
        publish(channel, good(second))

    until(lambda: len(recorded(journal.parent)) == 2 * len(BAD))
    until(lambda: f'outcome="quarantined"}} {float(len(BAD))}' in pvsim.get("/metrics")[1])
    found = quarantined(channel)
    assert [body for body, _ in found] == [body for body, _ in BAD]
    for (_, headers), (body, reason) in zip(found, BAD, strict=True):
        assert reason in headers["x-reason"], body[:100]
    assert {headers["x-origin-queue"] for _, headers in found} == {"readings.0"}
    assert all("x-first-seen" in headers for _, headers in found)
    assert {(headers["message_id"], headers["app_id"]) for _, headers in found} == {("test/1", "stranger")}
    assert pvsim.get("/readyz") == (200, "ok\n")


def test_a_site_of_another_partition_and_one_beyond_max_sites_are_refused(
    service: Callable[..., ServiceProcess], channel: Channel, journal: Path
) -> None:
    pvsim = service("pvsim", partitions=2, partition=1, max_sites=1).start()
    until(lambda: pvsim.get("/readyz")[0] == 200)

    for sites in (["home-4"], ["home-1"], ["home-5"]):  # crc32 mod 2: 1, 0, 1
        publish(channel, json.dumps(GOOD | {"sites": sites, "power_w": [1]}).encode(), "readings.1")

    until(lambda: 'outcome="quarantined"} 2.0' in pvsim.get("/metrics")[1])
    reasons = [headers["x-reason"] for _, headers in quarantined(channel)]
    assert "'home-1' belongs to partition 0" in reasons[0]
    assert "'home-5' is beyond max_sites, 1" in reasons[1]
    assert len(recorded(journal.parent)) == 1


def test_a_quarantine_that_somebody_deleted_is_made_anew_and_the_bad_message_is_kept(
    service: Callable[..., ServiceProcess], channel: Channel, journal: Path
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200)
    channel.queue_delete("readings.quarantine")

    publish(channel, b"bad")
    publish(channel, good(1))

    until(lambda: 'outcome="quarantined"} 1.0' in pvsim.get("/metrics")[1])
    assert [body for body, _ in quarantined(channel)] == [b"bad"]
    until(lambda: len(recorded(journal.parent)) == 2)


def test_a_quarantine_that_somebody_deleted_is_there_again_before_a_bad_message_needs_it(
    service: Callable[..., ServiceProcess], channel: Channel
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: 'pvsim_queue_ready_messages{queue="readings.quarantine"} 0.0' in pvsim.get("/metrics")[1])
    channel.queue_delete("readings.quarantine")

    declared = until(lambda: exists("readings.quarantine", channel))

    assert declared
    assert "pvsim_broker_reconnects_total 0.0" in pvsim.get("/metrics")[1]


@pytest.mark.parametrize(("body", "limit"), [(b"", 100_000), (bytes(2**22), 64)], ids=["by number", "by bytes"])
def test_a_full_quarantine_discards_and_counts_but_never_stops_the_service(
    body: bytes,
    limit: int,
    service: Callable[..., ServiceProcess],
    channel: Channel,
    journal: Path,
    broker: RabbitNode,
    ready_messages: Callable[[str], int],
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200)
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        unconfirmed = connection.channel()
        for _ in range(limit * 11 // 10):  # of a burst it takes some more
            unconfirmed.basic_publish("", "readings.quarantine", body)
    until(lambda: ready_messages("readings.quarantine") >= limit)

    for _ in range(50):  # a quorum queue refuses only some messages after it is full
        publish(channel, b"bad")
    until(lambda: pvsim.events("message_discarded"))
    publish(channel, good(1))

    until(lambda: len(recorded(journal.parent)) == 2)
    assert 'outcome="discarded"} 0.0' not in pvsim.get("/metrics")[1]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"T" + b"\xff" * 8, "out of range"),  # an instant in the year 584 billion
        (nested(5000), "recursion"),
    ],
    ids=["instant", "nested"],
)
def test_a_message_whose_headers_python_cannot_read_is_quarantined_and_ends_nothing(
    service: Callable[..., ServiceProcess], channel: Channel, journal: Path, value: bytes, reason: str
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200)

    channel.basic_publish("", "readings.0", good(1), RawHeaders(value), mandatory=True)
    publish(channel, good(2))

    until(lambda: 'outcome="quarantined"} 1.0' in pvsim.get("/metrics")[1])
    ((body, headers),) = quarantined(channel)
    assert body == good(1)
    assert headers["x-reason"].startswith("its properties cannot be read: ")
    assert reason in headers["x-reason"]
    until(lambda: len(recorded(journal.parent)) == 2)
    assert "pvsim_broker_reconnects_total 0.0" in pvsim.get("/metrics")[1]


def test_a_message_id_that_is_no_text_is_kept_as_it_is(
    service: Callable[..., ServiceProcess], channel: Channel
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200)

    channel.basic_publish("", "readings.0", b"bad", pika.BasicProperties(message_id=b"\xff\xfe", app_id=b"\x1b[2J"))

    until(lambda: 'outcome="quarantined"} 1.0' in pvsim.get("/metrics")[1])
    assert [str(headers["message_id"]) for _, headers in quarantined(channel)] == [str(b"\xff\xfe")]


def test_a_flood_of_bad_messages_of_all_kinds_is_logged_in_part_and_good_ones_go_on(
    service: Callable[..., ServiceProcess], broker: RabbitNode, channel: Channel, journal: Path
) -> None:
    pvsim = service("pvsim").start()
    pvsim.address(timeout_s=90)
    until(lambda: pvsim.get("/readyz")[0] == 200)

    def said_how_many_more() -> list[Any]:
        publish(channel, good(0))  # it is said with the first message after ten seconds
        return list(pvsim.events("refusals_not_logged"))

    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        flood = connection.channel()
        for second in range(12):
            for body in [body for body, _ in BAD[:-1]] * 10:
                flood.basic_publish("", "readings.0", body)
            for _ in range(5):
                flood.basic_publish("", "readings.0", BAD[-1][0])  # all of them are more than pvsim may hold
            flood.basic_publish("", "readings.0", good(second))
        # open until all is there: nothing is confirmed, and what a channel published last may go with it
        until(lambda: len(recorded(journal.parent)) == 2 * 12, timeout_s=120)

    refused = 'pvsim_readings_consumed_total{outcome="quarantined"}'
    until(lambda: value(pvsim, refused) >= 12 * (10 * (len(BAD) - 1) + 5), timeout_s=120)
    assert 20 <= len(pvsim.events("message_refused")) < 500
    assert until(said_how_many_more, every_s=0.5)
    until(lambda: pvsim.get("/readyz") == (200, "ok\n"))  # not while it begins anew because too much was held
    assert {event["reason"] for event in pvsim.events("broker_lost")} <= {"(200, 'Normal shutdown')"}


def test_of_large_messages_no_more_is_held_than_so_many_bytes_however_many_wait(
    broker: RabbitNode, channel: Channel, ready_messages: Callable[[str], int]
) -> None:
    queue = readings_queue(0)
    channel.queue_declare(queue.name, durable=True, arguments=queue.arguments)
    for _ in range(40):
        publish(channel, good(0).ljust(4 * MIB))

    with Subscriber(
        Plain(broker),
        partition=0,
        partitions=1,
        prefetch=1000,
        prefetch_bytes=64 * MIB,
        max_sites=10,
        registry=CollectorRegistry(),
    ) as subscriber:
        held = subscriber._consumer._buffer  # nobody takes from it
        until(lambda: len(held) >= 16)  # 64 MiB
        until(lambda: ready_messages(queue.name) == 40 - 16)

        assert len(held) == 16


def test_while_the_broker_takes_no_messages_bad_ones_wait_and_good_ones_are_recorded(
    service: Callable[..., ServiceProcess], channel: Channel, broker: RabbitNode, journal: Path
) -> None:
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200, timeout_s=90)
    pvsim.kill()
    for second in range(10):
        publish(channel, f"bad {second}".encode())
        publish(channel, good(second))

    with short_of_memory(broker):
        pvsim.start()
        until(lambda: len(recorded(journal.parent)) == 2 * 10, timeout_s=90)
        during = pvsim.get("/metrics")[1]

    assert 'outcome="quarantined"} 0.0' in during
    until(lambda: 'outcome="quarantined"} 10.0' in pvsim.get("/metrics")[1], timeout_s=90)
    # each is kept at least once: where no confirm came for long, a copy may have been sent again
    assert {body for body, _ in quarantined(channel)} == {f"bad {second}".encode() for second in range(10)}


@pytest.mark.parametrize("rubbish", [b"\xff", b"{}", b'{"instant":1e400}', b"[" * 100_000])
def test_rubbish_in_the_queue_of_its_position_is_told_by_a_meter_and_ends_nothing(
    service: Callable[..., ServiceProcess], channel: Channel, ready_messages: Callable[[str], int], rubbish: bytes
) -> None:
    queue = position_queue(0)
    channel.queue_declare(queue.name, durable=True, arguments=queue.arguments)
    publish(channel, rubbish, queue.name)

    meter = service("meter", start="2026-06-21T10:00:00Z", duration="10s", homes=1, speed=0).start()

    assert meter.wait(timeout_s=90) == 0
    assert meter.events("position_unreadable")
    until(lambda: ready_messages("readings.0") == 10)
