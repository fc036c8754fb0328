"""A real Prometheus scrapes the three services, and what it answers is what the journal says."""

import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.pipeline.chain import launching, remove_queues
from tests.recorded import recorded

from pvsim_local.prometheus import PrometheusServer
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

GOLDEN = Path(__file__).parent / "golden"
SERVICES = ("meter", "pvsim", "exporter")
INTERVAL_S = 600

Services = dict[str, ServiceProcess]
Record = dict[str, Any]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the chain keeps its journal and logs."""
    return tmp_path_factory.mktemp("chain")


@pytest.fixture(scope="module")
def journal(directory: Path) -> Path:
    """The open segment that pvsim writes to."""
    return directory / "journal" / "results.jsonl"


@pytest.fixture(scope="module")
def chain(node: RabbitNode, directory: Path, journal: Path) -> Iterator[Services]:
    """The three services once five hours of three homes are caught up; the next instant is minutes away."""
    remove_queues(node)
    with launching(node, directory) as service:
        services = {name: service(name).start() for name in ("pvsim", "exporter")}
        services["meter"] = service("meter", start="-5h", interval_s=INTERVAL_S, homes=3).start()
        until(lambda: len(records_of(journal)) >= 90, timeout_s=60)
        until(lambda: "pvsim_fleet_pv_power_watts" in services["exporter"].get("/metrics")[1])
        yield services


@pytest.fixture
def prometheus(chain: Services, tmp_path: Path, require_tool: Callable[[str], None]) -> Iterator[PrometheusServer]:
    """A Prometheus that scrapes them, with the names of jobs and namespace that are used everywhere."""
    require_tool("prometheus")
    targets = {name: urlsplit(chain[name].address()).port or 0 for name in SERVICES}
    with PrometheusServer(tmp_path / "prometheus", targets, scrape_interval_s=0.5) as server:
        yield server


def records_of(journal: Path) -> list[Record]:
    return [json.loads(line) for line in recorded(journal.parent)]


def by_site(records: list[Record], value: Callable[[Record], float]) -> dict[str, float]:
    """The value of each site's last record."""
    return {record["site"]: value(record) for record in records}


def energy_j(records: list[Record], power_kw: Callable[[Record], float]) -> dict[str, float]:
    """Energy by site: each record's power for the ten minutes before it, the first one's for none."""
    totals: dict[str, float] = {}
    for record in records:
        site = record["site"]
        totals[site] = totals[site] + power_kw(record) * 1000 * INTERVAL_S if site in totals else 0.0
    return totals


def answer(prometheus: PrometheusServer, promql: str) -> dict[str, float]:
    """The values of a query by site (or by job, or under "" where there is neither)."""
    values = {}
    for series in prometheus.query(promql):
        labels = series["metric"]
        values[labels.get("site", labels.get("job", ""))] = float(series["value"][1])
    return values


def test_promql_answers_what_the_journal_says(prometheus: PrometheusServer, journal: Path) -> None:
    def agrees(promql: str, expected: Callable[[list[Record]], dict[str, float]]) -> None:
        until(
            lambda: answer(prometheus, promql) == pytest.approx(expected(records_of(journal)), rel=1e-9), timeout_s=20
        )

    agrees("sum by (job) (up)", lambda _: dict.fromkeys(SERVICES, 1.0))
    agrees("pvsim_meter_power_watts", lambda records: by_site(records, lambda record: record["meter"] * 1000))
    agrees("pvsim_pv_power_watts", lambda records: by_site(records, lambda record: record["pv"] * 1000))
    agrees("pvsim_net_power_watts", lambda records: by_site(records, lambda record: record["net_power"] * 1000))
    agrees("pvsim_meter_energy_joules_total", lambda records: energy_j(records, lambda record: record["meter"]))
    agrees("pvsim_pv_energy_joules_total", lambda records: energy_j(records, lambda record: record["pv"]))
    agrees(
        "pvsim_import_energy_joules_total - pvsim_export_energy_joules_total",
        lambda records: energy_j(records, lambda record: record["net_power"]),
    )
    agrees(
        "sum without (job, instance, namespace) (pvsim_fleet_meter_energy_joules_total)",
        lambda records: {"": sum(energy_j(records, lambda record: record["meter"]).values())},
    )
    agrees('sum(pvsim_readings_published_total{outcome="confirmed"})', lambda records: {"": float(len(records))})
    agrees('sum(pvsim_readings_consumed_total{outcome="recorded"})', lambda records: {"": float(len(records))})
    agrees("sum(pvsim_journal_records_total)", lambda records: {"": float(len(records))})


@pytest.mark.parametrize("name", SERVICES)
def test_promtool_accepts_what_a_service_exposes(
    chain: Services, name: str, require_tool: Callable[[str], None]
) -> None:
    require_tool("promtool")
    text = own_metrics(chain[name].get("/metrics")[1])

    check = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)

    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_exposes_the_metrics_of_its_golden_file(chain: Services, name: str) -> None:
    """Changed on purpose? UPDATE_GOLDEN=1 writes the file anew; say so in the changelog."""
    golden = GOLDEN / f"{name}.metrics.txt"
    exposed = without_values(own_metrics(chain[name].get("/metrics")[1]))

    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.write_text(exposed)
    assert exposed == golden.read_text()


def own_metrics(text: str) -> str:
    """Ours alone: what Python and the process expose differs between systems."""
    return "".join(line for line in text.splitlines(keepends=True) if re.match(r"(# (HELP|TYPE) )?pvsim_", line))


def without_values(text: str) -> str:
    """Each line without its value, and with one value of each label that differs from run to run."""
    lines: dict[str, None] = defaultdict()
    for line in text.splitlines():
        kept = line if line.startswith("#") else line.rsplit(" ", 1)[0]
        kept = re.sub(r'(site|version|python)="[^"]*"', r'\1="…"', kept)
        lines[kept] = None
    return "".join(f"{line}\n" for line in lines)
