"""Every reading stands in the journal exactly once, with the value it must have, whatever is killed meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.recorded import recorded
from tests.simulated import lines_of_all

from meter import fleet as homes
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

START = "2026-06-21T10:00:00Z"
START_MS = round(datetime(2026, 6, 21, 10, tzinfo=UTC).timestamp() * 1000)
TEN_MINUTES = {"start": START, "duration": "10min", "homes": 3}
RECORDS = 1800  # 3 homes x 600 s

Start = Callable[..., ServiceProcess]


def expected_lines(*, seed: int = 1, count: int = 3, seconds: int = 600) -> list[bytes]:
    """The journal's lines as the model alone gives them, in the order of instants and homes."""
    sites = homes.homes_of(0, shards=1, homes=count)
    return lines_of_all(sites, START_MS + 1000 * np.arange(seconds, dtype=np.int64), seed=seed)


def wait_for_lines(journal: Path, count: int) -> None:
    until(lambda: len(recorded(journal.parent)) >= count, timeout_s=60)


@pytest.fixture(scope="session")
def expected() -> list[bytes]:
    return expected_lines()


def test_three_homes_for_ten_minutes_give_exactly_the_lines_that_the_model_gives(
    service: Start, journal: Path, expected: list[bytes]
) -> None:
    service("pvsim").start()

    exit_code = service("meter", **TEN_MINUTES, speed=0).start().wait()

    wait_for_lines(journal, RECORDS)
    assert exit_code == 0
    assert recorded(journal.parent) == expected


def test_killing_pvsim_in_the_middle_loses_and_repeats_nothing(
    service: Start, journal: Path, expected: list[bytes]
) -> None:
    pvsim = service("pvsim").start()
    meter = service("meter", **TEN_MINUTES, speed=120).start()
    wait_for_lines(journal, 300)

    for lines in (600, 900):
        pvsim.kill()
        pvsim.start()
        wait_for_lines(journal, lines)
    pvsim.kill()
    pvsim.start()

    assert meter.wait() == 0
    wait_for_lines(journal, RECORDS)
    assert sorted(recorded(journal.parent)) == sorted(expected)


def test_killing_the_meter_in_the_middle_loses_and_repeats_nothing(
    service: Start, journal: Path, expected: list[bytes]
) -> None:
    service("pvsim").start()
    meter = service("meter", **TEN_MINUTES, speed=120).start()

    for lines in (300, 600, 900):
        wait_for_lines(journal, lines)
        meter.kill()
        meter.start()

    assert meter.wait() == 0
    wait_for_lines(journal, RECORDS)
    assert sorted(recorded(journal.parent)) == sorted(expected)


def test_stopping_the_broker_for_some_seconds_loses_and_repeats_nothing(
    broker: RabbitNode, service: Start, journal: Path, expected: list[bytes]
) -> None:
    pvsim = service("pvsim").start()
    meter = service("meter", **TEN_MINUTES, speed=60).start()
    wait_for_lines(journal, 300)

    broker.stop()
    until(lambda: pvsim.get("/readyz")[0] == 503 and meter.get("/readyz")[0] == 503)
    alive = [process.get("/healthz")[0] for process in (pvsim, meter)]
    broker.start()

    assert alive == [200, 200]
    assert meter.wait() == 0
    wait_for_lines(journal, RECORDS)
    assert sorted(recorded(journal.parent)) == sorted(expected)


def test_killing_the_broker_loses_and_repeats_nothing(
    broker: RabbitNode, service: Start, journal: Path, expected: list[bytes]
) -> None:
    service("pvsim").start()
    meter = service("meter", **TEN_MINUTES, speed=60).start()
    wait_for_lines(journal, 900)  # 5 s: a queue made just before the kill, RabbitMQ 3.10 may lose

    broker.kill()
    broker.start()

    assert meter.wait() == 0
    wait_for_lines(journal, RECORDS)
    assert sorted(recorded(journal.parent)) == sorted(expected)


def test_a_pvsim_that_starts_late_finds_every_reading_waiting(
    service: Start, journal: Path, expected: list[bytes]
) -> None:
    exit_code = service("meter", **TEN_MINUTES, speed=0).start().wait()

    service("pvsim").start()

    wait_for_lines(journal, RECORDS)
    assert exit_code == 0
    assert recorded(journal.parent) == expected


def test_a_finished_run_started_again_publishes_nothing(service: Start, journal: Path) -> None:
    service("pvsim").start()
    meter = service("meter", **TEN_MINUTES, speed=0).start()
    meter.wait()
    wait_for_lines(journal, RECORDS)

    exit_code = meter.start().wait()

    assert exit_code == 0
    assert meter.events("run_is_over_already")
    assert len(recorded(journal.parent)) == RECORDS


def test_readings_published_again_are_dropped_as_duplicates(
    service: Start, journal: Path, expected: list[bytes]
) -> None:
    pvsim = service("pvsim").start()
    service("meter", **TEN_MINUTES, speed=0).start().wait()
    wait_for_lines(journal, RECORDS)

    same_instants = TEN_MINUTES | {"start": "2026-06-21T12:00:00+02:00"}
    service("meter", **same_instants, speed=0).start().wait()

    until(lambda: 'pvsim_readings_consumed_total{outcome="duplicate"} 1800.0' in pvsim.get("/metrics")[1])
    assert recorded(journal.parent) == expected


def test_a_run_says_whether_it_begins_or_is_resumed_whatever_ran_before(service: Start) -> None:
    meter = service("meter", **TEN_MINUTES, speed=0).start()
    meter.wait()
    began = bool(meter.events("run_begun"))
    meter.start().wait()
    resumed = bool(meter.events("run_resumed"))

    other = service("meter", **TEN_MINUTES | {"start": "2026-06-22"}, speed=0).start()
    other.wait()

    assert (began, resumed, bool(other.events("run_begun"))) == (True, True, True)


def test_another_seed_gives_another_journal_and_three_homes_are_the_first_of_thirty(expected: list[bytes]) -> None:
    other_seed = expected_lines(seed=2)
    of_thirty = expected_lines(count=30, seconds=10)

    assert other_seed != expected
    assert [line for at, line in enumerate(of_thirty) if at % 30 < 3] == expected[:30]


def test_three_partitions_and_two_shards_share_the_homes(service: Start, tmp_path: Path, expected: list[bytes]) -> None:
    journals = [tmp_path / f"journal-{n}" for n in range(3)]
    for partition, journal in enumerate(journals):
        service("pvsim", partitions=3, partition=partition, journal_directory=journal).start()

    meters = [service("meter", **TEN_MINUTES, speed=0, partitions=3, shards=2, shard=n).start() for n in range(2)]

    assert [meter.wait() for meter in meters] == [0, 0]
    until(lambda: sum(len(recorded(journal)) for journal in journals) == RECORDS)
    assert sorted(line for journal in journals for line in recorded(journal)) == sorted(expected)
    assert [len(recorded(journal)) for journal in journals] == [1200, 0, 600]  # crc32 of home-1, 2, 3 mod 3: 0, 2, 0


def test_sigterm_under_load_ends_both_services_with_exit_code_0(service: Start, journal: Path) -> None:
    pvsim = service("pvsim").start()
    meter = service("meter", start=START, homes=100, speed=0).start()
    wait_for_lines(journal, 10_000)

    exit_codes = [meter.stop(timeout_s=5), pvsim.stop(timeout_s=5)]

    assert exit_codes == [0, 0]
    assert journal.read_bytes().endswith(b"}\n")


def test_sigterm_ends_services_that_cannot_reach_the_broker(broker: RabbitNode, service: Start) -> None:
    broker.stop()
    processes = [service("pvsim").start(), service("meter").start()]
    for process in processes:
        until(lambda process=process: process.events("broker_lost"))  # type: ignore[misc]

    exit_codes = [process.stop(timeout_s=5) for process in processes]

    broker.start()
    assert exit_codes == [0, 0]
