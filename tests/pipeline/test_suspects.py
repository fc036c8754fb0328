"""A message that crashes pvsim again and again goes to quarantine, and takes no other message along."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pika
import pytest
from tests.pipeline.crashing_pvsim import EXIT_CODE
from tests.recorded import recorded

from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Start = Callable[..., ServiceProcess]
Count = Callable[[str], int]


@pytest.fixture
def crashing_pvsim(service: Start, tmp_path: Path) -> ServiceProcess:
    """A pvsim that ends at once when it simulates a site called poison."""
    program = tmp_path / "crashing-pvsim"
    script = Path(__file__).with_name("crashing_pvsim.py")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    program.chmod(0o700)
    return service(str(program))


def publish(broker: RabbitNode, names: list[str]) -> None:
    """A message for each of these sites."""
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for site in names:
            message = {"timestamp": "2026-06-21T10:00:00Z", "interval_s": 1.0, "sites": [site], "power_w": [1]}
            properties = pika.BasicProperties(message_id=site, delivery_mode=2)
            channel.basic_publish("", "readings.0", json.dumps(message).encode(), properties, mandatory=True)


def deliver_in_vain(broker: RabbitNode, times: int) -> None:
    """Let so many deliveries of all messages that wait fail, as crashes do."""
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        for _ in range(times):
            consumer = connection.channel()
            consumer.basic_consume("readings.0", lambda *_: None)
            connection.process_data_events(1.0)
            consumer.close()


def run_until(pvsim: ServiceProcess, done: Callable[[], bool], *, most: int = 20) -> int:
    """Start it again whenever it crashes, as a supervisor does, until something is done; how often it crashed."""
    for crashes in range(most):
        pvsim.start()
        until(lambda: pvsim.process.poll() is not None or done(), timeout_s=60)
        if pvsim.process.poll() is None:
            return crashes
        assert pvsim.process.returncode == EXIT_CODE, pvsim.log()
    raise AssertionError(f"it crashed {most} times")


def reasons(broker: RabbitNode) -> dict[str, str]:
    """What is in quarantine, and why."""
    found = {}
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        channel = connection.channel()
        while (answer := channel.basic_get("readings.quarantine", auto_ack=True))[0] is not None:
            found[str(answer[1].message_id)] = str(answer[1].headers["x-reason"])
    return found


def sites(journal: Path) -> list[str]:
    return [json.loads(line)["site"] for line in recorded(journal.parent)]


def declare_queues(service: Start) -> None:
    with service("pvsim") as pvsim:
        until(lambda: pvsim.get("/readyz")[0] == 200)


@pytest.mark.timeout(600)
def test_two_messages_that_crash_pvsim_are_quarantined_and_those_around_them_are_recorded_once(
    broker: RabbitNode, service: Start, crashing_pvsim: ServiceProcess, journal: Path, ready_messages: Count
) -> None:
    declare_queues(service)
    good = [f"home-{n}" for n in range(1, 21)]
    publish(broker, [*good[:5], "poison-1", *good[5:15], "poison-2", *good[15:]])
    deliver_in_vain(broker, 4)

    crashes = run_until(crashing_pvsim, lambda: ready_messages("readings.quarantine") == 2)

    assert crashes == 12  # six more of each
    assert reasons(broker) == {
        f"poison-{n}": "it crashes the consumer: 10 deliveries failed, the last 6 of them with it alone" for n in (1, 2)
    }
    until(lambda: len(sites(journal)) == 20)
    assert sorted(sites(journal)) == sorted(good)
    assert json.loads(journal.with_name("suspects.json").read_text()) == {}


def test_messages_that_failed_often_but_for_another_reason_are_recorded(
    broker: RabbitNode, service: Start, journal: Path
) -> None:
    declare_queues(service)
    good = [f"home-{n}" for n in range(1, 21)]
    publish(broker, good)
    deliver_in_vain(broker, 12)

    pvsim = service("pvsim").start()

    until(lambda: len(sites(journal)) == 20)
    handled_alone = pvsim.events("suspect_handled_alone")
    assert [(event["failed_deliveries"], event["alone"]) for event in handled_alone] == [(12, 0)] * 20
    assert reasons(broker) == {}
