"""What an operator does with messages in quarantine: look at them, put them back, drop them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pika
import pytest
from tests.recorded import recorded

from pvsim.quarantine_command import main
from pvsim_common.broker.queues import quarantine_queue
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Channel: TypeAlias = pika.adapters.blocking_connection.BlockingChannel
Count = Callable[[str], int]


@pytest.fixture(autouse=True)
def _environment(broker: RabbitNode, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker's address as everywhere, and an empty quarantine."""
    monkeypatch.setenv("PVSIMULATOR_BROKER_URL", broker.url)
    queue = quarantine_queue()
    channel.queue_declare(queue.name, durable=True, arguments=queue.arguments)
    channel.queue_declare("elsewhere")
    channel.queue_purge("elsewhere")


def put(channel: Channel, *bodies: bytes, origin: str = "elsewhere", message_id: str = "my-house/1") -> None:
    headers = {"x-reason": "no good", "x-origin-queue": origin, "x-first-seen": "2026-11-25T14:00:00.000+00:00"}
    for body in bodies:
        properties = pika.BasicProperties(headers=headers, message_id=message_id, app_id="stranger", delivery_mode=2)
        channel.basic_publish("", "readings.quarantine", body, properties)


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["list", "--json", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def bodies_in(channel: Channel, queue: str) -> list[bytes]:
    found = []
    while (answer := channel.basic_get(queue, auto_ack=True))[0] is not None:
        found.append(answer[2])
    return found


def test_a_list_says_of_each_message_what_is_wrong_with_it_where_it_was_and_what_it_says(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    put(channel, b"x" * 1000)

    (message,) = listed(capsys)

    assert message.pop("id")
    assert message == {
        "reason": "no good",
        "origin": "elsewhere",
        "first_seen": "2026-11-25T14:00:00.000+00:00",
        "bytes": 1000,
        "message_id": "my-house/1",
        "app_id": "stranger",
        "body": "x" * 100 + "…",
        "outcome": "keep",
        "failure": None,
    }


def test_a_list_for_people_is_a_few_lines_a_message(channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    put(channel, b'{"volts":230}')
    (message,) = listed(capsys)

    main(["list"])

    assert capsys.readouterr().out == (
        f"{message['id']}  2026-11-25T14:00:00.000+00:00  from elsewhere\n"
        "  reason  no good\n"
        "  message my-house/1 of stranger, 13 bytes\n"
        '  body    {"volts":230}\n'
        "1 message shown.\n"
    )


def test_a_message_cannot_command_the_terminal(channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    put(channel, b"\x1b[2J\xff\n", message_id="\x1b]0;owned\x07")

    main(["list"])

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\x1b[2J\\xff\\n" in shown


def test_listing_leaves_all_messages_in_their_order(
    channel: Channel, ready_messages: Count, capsys: pytest.CaptureFixture[str]
) -> None:
    put(channel, b"1", b"2", b"3")

    shown = [[message["body"] for message in listed(capsys, *limit)] for limit in (["--limit", "2"], ["--all"])]

    assert shown == [["1", "2"], ["1", "2", "3"]]
    until(lambda: ready_messages("readings.quarantine") == 3)


def test_a_message_is_put_back_into_the_queue_it_came_from_as_it_was(
    channel: Channel, ready_messages: Count, capsys: pytest.CaptureFixture[str]
) -> None:
    put(channel, b"1", b"2")
    second = listed(capsys)[1]["id"]

    assert main(["requeue", "--id", second]) == 0

    method, properties, body = channel.basic_get("elsewhere", auto_ack=True)
    assert method is not None
    assert properties is not None
    assert (body, properties.message_id, properties.app_id, properties.delivery_mode, properties.headers) == (
        b"2", "my-house/1", "stranger", 2, None,
    )  # fmt: skip
    until(lambda: ready_messages("readings.quarantine") == 1)
    assert bodies_in(channel, "readings.quarantine") == [b"1"]


def test_a_message_whose_queue_is_gone_stays_and_the_exit_code_says_so(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    put(channel, b"1", origin="no such queue")
    put(channel, b"2")

    assert main(["requeue", "--all"]) == 1

    shown = capsys.readouterr().out
    assert "  stays   there is no queue 'no such queue'\n" in shown
    assert shown.endswith("1 message put back.\n")
    assert bodies_in(channel, "elsewhere") == [b"2"]
    until(lambda: bodies_in(channel, "readings.quarantine") == [b"1"])


def test_nothing_is_dropped_without_yes(
    channel: Channel, ready_messages: Count, capsys: pytest.CaptureFixture[str]
) -> None:
    put(channel, b"1")

    assert main(["drop", "--all"]) == 2

    assert "add --yes" in capsys.readouterr().err
    assert ready_messages("readings.quarantine") == 1


def test_what_is_dropped_is_gone_and_nothing_else(channel: Channel, capsys: pytest.CaptureFixture[str]) -> None:
    put(channel, b"1", b"2", b"3")

    assert main(["drop", "--limit", "2", "--yes"]) == 0

    assert capsys.readouterr().out.endswith("2 messages dropped.\n")
    until(lambda: bodies_in(channel, "readings.quarantine") == [b"3"])
    assert bodies_in(channel, "elsewhere") == []


def test_a_message_that_is_not_there_is_named_and_the_exit_code_is_1(
    channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    put(channel, b"1")

    assert main(["drop", "--id", "abc", "--yes"]) == 1

    assert capsys.readouterr().err == "pvsim quarantine: not in quarantine: abc\n"


@pytest.mark.parametrize("arguments", [[], ["burn"], ["requeue"], ["drop", "--yes"], ["list", "--limit", "0"]])
def test_misuse_is_one_line_and_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_broker_that_is_not_there_is_one_line_without_the_password_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PVSIMULATOR_BROKER_URL", "amqp://pvsim:geheim@127.0.0.1:1/")

    assert main(["list"]) == 1

    told = capsys.readouterr().err
    assert told == "pvsim quarantine: the broker cannot be used: [Errno 111] Connection refused\n"


def test_a_site_beyond_the_limit_is_recorded_once_the_limit_is_raised_and_its_message_put_back(
    service: Callable[..., ServiceProcess], channel: Channel, journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pvsim = service("pvsim", max_sites=1).start()
    until(lambda: pvsim.get("/readyz")[0] == 200)
    for site in ("home-1", "home-2"):
        reading = {"timestamp": "2026-06-21T10:00:00Z", "interval_s": 1.0, "sites": [site], "power_w": [1]}
        channel.basic_publish("", "readings.0", json.dumps(reading).encode())
    until(lambda: 'outcome="quarantined"} 1.0' in pvsim.get("/metrics")[1])
    pvsim.stop()
    service("pvsim", max_sites=2).start()

    exit_code = main(["requeue", "--all"])

    assert exit_code == 0
    assert "'home-2' is beyond max_sites, 1" in capsys.readouterr().out
    until(lambda: len(recorded(journal.parent)) == 2)
