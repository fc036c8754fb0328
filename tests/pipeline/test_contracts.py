"""The programs in docs/contracts do with a real broker and a real pvsim what they promise."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.recorded import recorded

from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

CONTRACTS = Path(__file__).parents[2] / "docs" / "contracts"
MORNING = {"start": "2026-06-21T08:00:00Z", "duration": "2h", "interval_s": 60, "homes": 2, "speed": 0}

Start = Callable[..., ServiceProcess]


def run(program: str, *arguments: object, broker_url: str = "") -> str:
    """What a program of docs/contracts prints; it must end well."""
    command = [sys.executable, str(CONTRACTS / program), *map(str, arguments)]
    environment = os.environ | {"PVSIMULATOR_BROKER_URL": broker_url}
    return subprocess.run(command, env=environment, timeout=60, check=True, stdout=subprocess.PIPE, text=True).stdout


def records_of(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in recorded(journal.parent)]


def energy_kwh(records: list[dict[str, Any]], power: Callable[[dict[str, Any]], float]) -> float:
    """Energy of one site's records, by the rule in the contract."""
    return sum(
        power(record)
        * (datetime.fromisoformat(record["timestamp"]) - datetime.fromisoformat(former["timestamp"]))
        / timedelta(hours=1)
        for former, record in pairwise(records)
    )


@pytest.fixture
def pvsim(service: Start) -> ServiceProcess:
    """A running pvsim that consumes."""
    pvsim = service("pvsim").start()
    until(lambda: pvsim.get("/readyz")[0] == 200)
    return pvsim


@pytest.mark.usefixtures("pvsim")
def test_a_reading_published_by_a_foreign_program_becomes_a_record(broker: RabbitNode, journal: Path) -> None:
    run("publish.py", "my-house", 432, broker_url=broker.url)

    (record,) = until(lambda: records_of(journal))
    assert (record["site"], record["meter"]) == ("my-house", 0.432)
    assert record["total_power"] == pytest.approx(record["meter"] + record["pv"], abs=1e-9)


def test_a_foreign_reading_is_not_lost_silently_where_there_is_no_queue(broker: RabbitNode) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run("publish.py", "my-house", 432, broker_url=broker.url)


@pytest.mark.usefixtures("pvsim")
def test_the_analysis_gives_energy_and_self_consumption_per_site(service: Start, journal: Path) -> None:
    service("meter", **MORNING).start().wait()
    records = until(lambda: found if len(found := records_of(journal)) == 240 else [])

    table = run("analyse.py", journal)

    rows = {words[0]: [float(word) for word in words[1:]] for words in map(str.split, table.splitlines()[2:])}
    assert rows.keys() == {"home-1", "home-2"}
    for site, row in rows.items():
        own = [record for record in records if record["site"] == site]
        load = energy_kwh(own, lambda record: record["meter"])
        pv = energy_kwh(own, lambda record: record["pv"])
        own_use = energy_kwh(own, lambda record: min(record["meter"], record["pv"]))
        assert row == pytest.approx([load, pv, own_use, own_use / pv], abs=1e-4)
