"""Changing the number of partitions loses and doubles nothing, over the former journals and the new ones together."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.chain import Start
from tests.recorded import recorded
from tests.simulated import lines_of_all

from meter import fleet as homes
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

START, START_MS = "2026-06-21T10:00:00Z", 1_782_036_000_000
HOMES, SECONDS = 10, 180
RUN = {"start": START, "duration": f"{SECONDS}s", "homes": HOMES}
SLOW, UNPACED = 20, 0  # simulated seconds per second: the first leaves time for a stop in the middle

Waiting = Callable[[str], int]  # messages in a queue


class Chain:
    """A pvsim for each partition with its journal, and the commands that resize them."""

    def __init__(self, directory: Path, service: Start, broker: RabbitNode, waiting: Waiting) -> None:
        self._directory, self._service, self._broker, self._waiting = directory, service, broker, waiting
        self.partitions = 0
        self.pvsims: list[ServiceProcess] = []

    def begin(self, partitions: int, *, until_event: str = "journal_opened", **settings: object) -> None:
        """Start a pvsim for each partition."""
        shared = {"partitions": partitions, **settings}
        self.partitions = partitions
        self.pvsims = [
            self._service("pvsim", **shared, partition=n, journal_directory=self.directory(n)).start()
            for n in range(partitions)
        ]
        for pvsim in self.pvsims:
            until(lambda pvsim=pvsim: pvsim.events(until_event))  # type: ignore[misc]

    def meter(self, speed: float, **settings: object) -> ServiceProcess:
        """Start the meter."""
        return self._service("meter", **RUN | settings, speed=speed, partitions=self.partitions).start()

    def directory(self, partition: int) -> Path:
        """Where a partition's journal is, and the former ones below it."""
        return self._directory / f"journal-{partition}"

    def pvsim(self, *arguments: object, text: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        """Run a command of pvsim."""
        return subprocess.run(
            [Path(sys.executable).parent / "pvsim", *map(str, arguments)],
            input=text,
            capture_output=True,
            env=os.environ | {"PVSIMULATOR_BROKER_URL": self._broker.url},
            check=False,
            timeout=60,
        )

    def hand_over(self) -> bytes:
        """What all journals hand over, once no message waits and nothing more is recorded."""
        queues = [f"readings.{n}" for n in range(self.partitions)]
        directories = [self.directory(n) for n in range(self.partitions)]
        until(lambda: not any(map(self._waiting, queues)), timeout_s=60, every_s=0.5)

        def told() -> bytes:
            before = self.recorded()
            text = self.pvsim("handover", *directories).stdout
            return text if self.recorded() == before else b""

        return until(told, timeout_s=60)

    def take_over(self, text: bytes, partitions: int) -> None:
        """Begin the journals of so many partitions."""
        for partition in range(partitions):
            numbers = (f"--partition={partition}", f"--partitions={partitions}")
            taken = self.pvsim("takeover", self.directory(partition), *numbers, text=text)
            assert taken.returncode == 0, taken.stderr

    def stop(self) -> list[int]:
        """Stop all pvsims; their exit codes."""
        return [pvsim.stop() for pvsim in self.pvsims]

    def resize(self, partitions: int) -> None:
        """The procedure, once no meter runs."""
        text = self.hand_over()
        assert self.stop() == [0] * self.partitions
        self.take_over(text, partitions)
        self.begin(partitions)

    def lines(self) -> list[bytes]:
        """Those of all journals, former ones too."""
        directories = {path.parent for path in self._directory.glob("journal-*/**/results*.jsonl*")}
        return [line for directory in directories for line in recorded(directory)]

    def recorded(self) -> int:
        """How many lines there are."""
        return len(self.lines())

    def duplicates(self) -> float:
        """Readings that came again, by the pvsims that run now."""
        name = 'pvsim_readings_consumed_total{outcome="duplicate"}'
        told = "\n".join(pvsim.get("/metrics")[1] for pvsim in self.pvsims)
        return sum(float(line.split()[-1]) for line in told.splitlines() if line.startswith(name))


@pytest.fixture
def chain(tmp_path: Path, service: Start, broker: RabbitNode, ready_messages: Waiting) -> Chain:
    return Chain(tmp_path, service, broker, ready_messages)


@pytest.fixture(scope="module")
def expected() -> list[bytes]:
    """The lines that the model alone gives."""
    sites = homes.homes_of(0, shards=1, homes=HOMES)
    return sorted(lines_of_all(sites, START_MS + 1000 * np.arange(SECONDS, dtype=np.int64)))


def test_from_one_partition_to_three_to_two_everything_is_recorded_once(chain: Chain, expected: list[bytes]) -> None:
    chain.begin(1)
    meter = chain.meter(SLOW)
    until(lambda: chain.recorded() > 0)
    first = meter.stop()
    chain.resize(3)
    before = chain.recorded()
    meter = chain.meter(SLOW)
    until(lambda: chain.recorded() > before)
    second = meter.stop()
    chain.resize(2)
    assert chain.recorded() < len(expected)

    last = [chain.meter(UNPACED, shards=2, shard=n) for n in range(2)]

    assert [first, second, *(meter.wait() for meter in last)] == [0, 0, 0, 0]
    until(lambda: chain.recorded() >= len(expected))
    assert sorted(chain.lines()) == expected
    assert [chain.pvsim("verify", chain.directory(n)).returncode for n in range(2)] == [0, 0]


def test_readings_that_come_again_after_resizing_are_dropped(chain: Chain, expected: list[bytes]) -> None:
    chain.begin(1)
    chain.meter(UNPACED).wait()
    until(lambda: chain.recorded() == len(expected))
    chain.resize(3)

    chain.meter(UNPACED, start="2026-06-21T12:00:00+02:00").wait()  # another run, with the same instants

    until(lambda: chain.duplicates() == len(expected))
    assert sorted(chain.lines()) == expected


def test_killing_the_meter_and_a_pvsim_in_the_middle_of_the_drain_loses_and_doubles_nothing(
    chain: Chain, expected: list[bytes], ready_messages: Waiting
) -> None:
    chain.begin(2, prefetch=1)  # so that draining takes a while
    for pvsim in chain.pvsims:
        pvsim.kill()
    meter = chain.meter(SLOW)
    until(lambda: ready_messages("readings.0") > 100)
    meter.kill()  # its position may lag
    refused = chain.pvsim("handover", chain.directory(0), chain.directory(1))
    for pvsim in chain.pvsims:
        pvsim.start()
    until(lambda: chain.recorded() > 10)
    chain.pvsims[0].kill()
    left = ready_messages("readings.0")
    chain.pvsims[0].start()

    chain.resize(3)

    assert left > 0
    assert refused.returncode == 1
    assert b"messages wait: " in refused.stderr
    assert chain.meter(UNPACED).wait() == 0
    until(lambda: chain.recorded() >= len(expected))
    assert sorted(chain.lines()) == expected


def test_pvsims_that_wait_to_take_over_record_nothing_before_they_have(chain: Chain, expected: list[bytes]) -> None:
    chain.begin(1)
    meter = chain.meter(SLOW)
    until(lambda: chain.recorded() > 0)
    meter.kill()
    text = chain.hand_over()
    chain.stop()
    before = chain.recorded()
    chain.begin(3, until_event="takeover_awaited", journal_on_change="takeover")
    meter = chain.meter(UNPACED)
    published = meter.wait()
    states = [pvsim.get("/readyz")[0] for pvsim in chain.pvsims], [pvsim.get("/healthz")[0] for pvsim in chain.pvsims]
    meanwhile = chain.recorded()

    chain.take_over(text, 3)

    assert (published, meanwhile) == (0, before)
    assert states == ([503] * 3, [200] * 3)
    until(lambda: chain.recorded() >= len(expected))
    assert sorted(chain.lines()) == expected


def test_a_pvsim_of_another_number_of_partitions_ends_with_2_and_names_the_procedure(
    chain: Chain, service: Start
) -> None:
    chain.begin(1)
    chain.stop()

    pvsim = service("pvsim", partitions=3, partition=0, journal_directory=chain.directory(0)).start()

    assert pvsim.wait() == 2
    assert "partitions is 1 there but 3 here (`Resizing` in docs/operations.md" in pvsim.log()


def test_messages_in_queues_of_partitions_that_are_no_more_are_found(chain: Chain, ready_messages: Waiting) -> None:
    chain.partitions = 3
    chain.meter(UNPACED).wait()
    chain.begin(1, journal_on_change="archive")  # as if somebody had not drained them
    until(lambda: ready_messages("readings.0") == 0)

    refused = chain.pvsim("handover", chain.directory(0))

    assert refused.returncode == 1
    assert b" in readings.2" in refused.stderr
    assert chain.pvsim("handover", chain.directory(0), "--anyway").returncode == 0
