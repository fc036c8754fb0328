"""What an operator meets: another journal, a second pvsim, a queue with other arguments, a torn line."""

import re
from collections.abc import Callable
from pathlib import Path

import pika
from tests.recorded import recorded

from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Start = Callable[..., ServiceProcess]
RUN = {"start": "2026-06-21T10:00:00Z", "duration": "60s", "homes": 3, "speed": 0}


def wait_for_lines(journal: Path, count: int) -> list[bytes]:
    return until(lambda: found if len(found := recorded(journal.parent)) >= count else [])


def depth(process: ServiceProcess, queue: str = "readings.0") -> int | None:
    """How many messages wait in a queue, as a service tells."""
    found = re.search(rf'pvsim_queue_ready_messages{{queue="{queue}"}} (\d+)', process.get("/metrics")[1])
    return int(found[1]) if found else None


def test_a_journal_of_another_seed_is_refused_with_both_values_and_exit_code_2(service: Start, journal: Path) -> None:
    pvsim = service("pvsim", seed=1).start()
    until(lambda: pvsim.events("journal_opened"))
    pvsim.stop()

    other = service("pvsim", seed=2).start()

    assert other.wait() == 2
    assert f"{journal.parent} holds another journal: seed is 1 there but 2 here" in other.log()


def test_a_journal_directory_that_cannot_be_written_is_named_with_exit_code_2(service: Start, journal: Path) -> None:
    journal.parent.write_text("a file, no directory")

    pvsim = service("pvsim").start()

    assert pvsim.wait() == 2
    assert pvsim.log().endswith(f"pvsim: error: journal_directory: {journal.parent}: File exists\n")


def test_a_second_pvsim_on_the_same_journal_waits_until_the_first_ends(service: Start) -> None:
    first = service("pvsim").start()
    until(lambda: first.events("journal_opened"))
    second = service("pvsim").start()
    until(lambda: second.events("journal_in_use"))

    first.stop()

    until(lambda: second.events("journal_opened"))
    assert second.get("/healthz") == (200, "ok\n")


def test_a_torn_last_line_is_cut_off_and_its_reading_is_recorded_anew(service: Start, journal: Path) -> None:
    pvsim = service("pvsim").start()
    service("meter", **RUN).start().wait()
    lines = wait_for_lines(journal, 180)
    pvsim.kill()
    with journal.open("ab") as file:
        file.write(lines[-1][:40])

    pvsim.start()

    until(lambda: pvsim.events("torn_line_cut_off"))
    assert recorded(journal.parent) == lines


def test_a_broken_line_in_the_middle_stops_the_start_and_names_file_and_offset(service: Start, journal: Path) -> None:
    journal.parent.mkdir()
    journal.write_bytes(b'{"broken\n{"timestamp":"2026-06-21T10:00:00Z","site":"home-1","meter":0.4,"pv":0.0}\n')

    pvsim = service("pvsim").start()

    assert pvsim.wait() == 2
    assert f"{journal}: the line at offset 0 is broken" in pvsim.log()


def test_a_queue_with_other_arguments_is_named_with_what_differs(
    service: Start, channel: pika.adapters.blocking_connection.BlockingChannel
) -> None:
    channel.queue_declare("readings.0", durable=True)

    pvsim = service("pvsim").start()

    until(lambda: "inequivalent arg" in pvsim.get("/readyz")[1])
    assert pvsim.get("/healthz")[0] == 200


def test_a_wrong_password_is_told_by_readyz_without_showing_it(tmp_path: Path, broker: RabbitNode) -> None:
    user, rest = broker.url.removeprefix("amqp://").split(":", 1)
    wrong = f"amqp://{user}:wrong-password@{rest.split('@', 1)[1]}"
    pvsim = ServiceProcess(
        "pvsim", tmp_path / "wrong.log", {"http-port": 0, "journal-directory": tmp_path / "other"},
        {"PVSIMULATOR_BROKER_URL": wrong},
    )  # fmt: skip

    with pvsim:
        until(lambda: "refused" in pvsim.get("/readyz")[1])

        assert "wrong-password" not in pvsim.log() + pvsim.get("/readyz")[1]


def test_a_meter_without_a_consumer_pauses_instead_of_flooding_the_broker(
    service: Start, ready_messages: Callable[[str], int], journal: Path
) -> None:
    service("meter", start="2026-06-21", homes=1, speed=0, max_ready=500).start()
    until(lambda: ready_messages("readings.0") > 500)

    until(lambda: ready_messages("readings.0") == until(lambda: ready_messages("readings.0")), every_s=1.0)
    waiting = ready_messages("readings.0")

    assert waiting < 20_000  # what is published within the fifth of a second between two looks
    service("pvsim").start()
    wait_for_lines(journal, waiting + 1)  # and it goes on once they are consumed


def test_meter_and_pvsim_tell_how_many_messages_wait(
    service: Start, ready_messages: Callable[[str], int], journal: Path
) -> None:
    meter = service("meter", start="2026-06-21", homes=1, speed=0, max_ready=10).start()
    until(lambda: 10 < ready_messages("readings.0") == depth(meter))  # it is paused: the number stands still
    pvsim = service("pvsim").start()
    wait_for_lines(journal, 1)
    meter.stop()

    until(lambda: depth(pvsim) == 0 == depth(pvsim, "readings.quarantine"))


def test_debug_logs_every_reading_sent_and_recorded(service: Start, journal: Path) -> None:
    pvsim = service("pvsim", log_level="debug").start()
    meter = service("meter", **RUN, log_level="debug").start()

    meter.wait()

    wait_for_lines(journal, 180)
    assert len(meter.events("reading_sent")) == 180
    until(lambda: len(pvsim.events("reading_recorded")) == 180)
