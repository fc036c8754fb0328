"""Alerts fire in a real Prometheus when the thing happens, and are over when it is mended."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pika
import pytest
from tests.pipeline.chain import launching, ports_of, remove_queues
from tests.pipeline.hastened import hastened

from pvsim_local.ports import free_port
from pvsim_local.prometheus import PrometheusServer
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

RULES = Path(__file__).parents[2] / "deploy" / "helm" / "rules" / "pvsim.rules.yaml"
FACTOR = 120  # two minutes become a second
PATIENCE_S = 60  # where others use the machine too
VOLUME_BYTES = 64 * 2**20

Services = dict[str, ServiceProcess]


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory, and a small filesystem of its own where this user may mount one."""
    directory = tmp_path_factory.mktemp("volume")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    mount = [*as_root, "mount", "-t", "tmpfs", "-o", f"size={VOLUME_BYTES},mode=777", "tmpfs", str(directory)]
    if shutil.which(mount[0]):
        subprocess.run(mount, check=False, capture_output=True)
    yield directory
    if directory.is_mount():
        subprocess.run([*as_root, "umount", "--lazy", str(directory)], check=True)


@pytest.fixture(scope="module")
def services(node: RabbitNode, volume: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A chain in real time, its journal on the volume; a service that is started again has the same port."""
    remove_queues(node)
    with launching(node, tmp_path_factory.mktemp("services")) as make:
        settings = {"pvsim": {"journal_directory": volume}, "exporter": {"journal_directory": volume}, "meter": {}}
        yield {name: make(name, http_port=free_port(), **own).start() for name, own in settings.items()}


@pytest.fixture(scope="module")
def prometheus(
    services: Services, node: RabbitNode, tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]
) -> Iterator[PrometheusServer]:
    """A Prometheus with the rules in a hurry."""
    require_tool("prometheus")
    directory = tmp_path_factory.mktemp("prometheus")
    rules = directory / "hastened.rules.yaml"
    rules.write_text(hastened(RULES.read_text(), FACTOR))
    with PrometheusServer(directory, ports_of(services, node), scrape_interval_s=0.5, rule_files=[rules]) as server:
        wait(lambda: len(server.query("up == 1")) == 4 and server.query("pvsim_journal_bytes > 0"))
        yield server


@pytest.fixture(autouse=True)
def _quiet(prometheus: PrometheusServer) -> None:
    """Before each test no alert is left."""
    wait(lambda: not states(prometheus))


def wait(ask: Callable[[], object]) -> None:
    """Wait until an answer is true."""
    until(ask, timeout_s=PATIENCE_S)


def states(prometheus: PrometheusServer) -> dict[str, str]:
    """The alerts that are pending or firing."""
    return {rule["name"]: rule["state"] for rule in prometheus.rules() if rule.get("state", "inactive") != "inactive"}


def wait_until_firing(prometheus: PrometheusServer, name: str) -> None:
    """Wait for one alert."""
    wait(lambda: states(prometheus).get(name) == "firing")


def jobs(prometheus: PrometheusServer, name: str) -> set[str]:
    """The jobs that an alert fires for."""
    return {one["metric"]["job"] for one in prometheus.query(f'ALERTS{{alertname="{name}", alertstate="firing"}}')}


def test_records_get_stale_when_pvsim_stops_and_are_fresh_when_it_is_back(
    services: Services, prometheus: PrometheusServer
) -> None:
    services["pvsim"].stop(timeout_s=PATIENCE_S)

    wait_until_firing(prometheus, "RecordsStale")
    wait(lambda: jobs(prometheus, "ServiceDown") == {"pvsim"})

    services["pvsim"].start()
    wait(lambda: not states(prometheus))


def test_bad_messages_are_told_for_a_while(node: RabbitNode, prometheus: PrometheusServer) -> None:
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("", "readings.0", b"bad")

    wait_until_firing(prometheus, "MessagesQuarantined")

    wait(lambda: not states(prometheus))


def test_a_volume_that_is_nearly_full_is_told_until_there_is_room_again(
    volume: Path, prometheus: PrometheusServer
) -> None:
    if not volume.is_mount():
        reason = "this user may not mount a filesystem"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    ballast = volume / "ballast"
    ballast.write_bytes(bytes(int(0.96 * VOLUME_BYTES)))

    wait_until_firing(prometheus, "VolumeFillingUp")

    ballast.unlink()
    wait(lambda: not states(prometheus))


def test_services_without_a_broker_are_told_until_it_is_back(node: RabbitNode, prometheus: PrometheusServer) -> None:
    node.stop()

    wait(lambda: jobs(prometheus, "BrokerDisconnected") == {"meter", "pvsim"})

    node.start()
    wait(lambda: not states(prometheus))
