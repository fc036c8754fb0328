"""The HA values under load: three brokers, four partitions, two shards; each pod in turn is killed without notice."""

import json
import logging
from collections.abc import Iterator

import pytest
from tests.e2e.cluster import Namespace, kubectl
from tests.e2e.journal import Span, check
from tests.e2e.release import Release

from pvsim_local.waiting import until

pytestmark = pytest.mark.timeout(1500)
log = logging.getLogger("e2e")
HOMES = 100
PARTITIONS = 4
INTERVAL_MS = 200  # 500 readings a second
PODS = [*(f"rabbitmq-{n}" for n in range(3)), *(f"pvsim-{n}" for n in range(PARTITIONS)), "meter-0", "meter-1"]


@pytest.fixture(scope="module")
def release(namespace: Namespace) -> Iterator[Release]:
    """The release, installed."""
    release = Release(namespace, f"meter.intervalS={INTERVAL_MS / 1000}", file="ha", homes=HOMES, partitions=PARTITIONS)
    outcome = release.install()
    log.info("installed in %.0f s", outcome.seconds)
    yield release
    log.info("container restarts: %s", {name: times for name, times in release.restarts().items() if times})


def rabbitmqctl(release: Release, *words: str) -> str:
    pod = f"{release.prefix}-rabbitmq-0"
    command = ("exec", pod, "--container", "rabbitmq", "--", "rabbitmqctl", "--quiet", *words)
    return kubectl(*command, namespace=release.namespace.name)


def members(release: Release) -> dict[str, int]:
    """How many nodes hold each queue."""
    queues = json.loads(rabbitmqctl(release, "list_queues", "name", "members", "--formatter", "json"))
    return {queue["name"]: len(queue["members"]) for queue in queues}


def spans_of(release: Release) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for partition in range(PARTITIONS):
        lines = release.journal(partition)
        spans |= check(lines, interval_ms=INTERVAL_MS, partition=partition, partitions=PARTITIONS)
    log.info("the journals hold %s records of %s sites", sum(span.records for span in spans.values()), len(spans))
    return spans


def test_three_brokers_form_a_cluster(release: Release) -> None:
    status = json.loads(rabbitmqctl(release, "cluster_status", "--formatter", "json"))

    assert len(status["running_nodes"]) == 3
    assert status["alarms"] == []


def test_every_queue_has_a_member_on_every_node(release: Release) -> None:
    release.wait_for_records()

    until(lambda: set(members(release).values()) == {3}, timeout_s=150, every_s=2)

    assert {f"readings.{n}" for n in range(PARTITIONS)} <= members(release).keys()


@pytest.mark.parametrize("pod", PODS)
def test_killing_a_pod_under_load_loses_and_repeats_nothing(release: Release, pod: str) -> None:
    release.replace_pod(f"{release.prefix}-{pod}", kill=True)

    release.wait_for_records()
    assert len(spans_of(release)) == HOMES


def test_an_upgrade_of_everything_under_load_loses_and_repeats_nothing(release: Release) -> None:
    release.upgrade("logLevel=warning", "rabbitmq.extraConfig=log.console.level = warning")

    release.wait_for_records()
    assert len(spans_of(release)) == HOMES


def test_every_queue_has_its_members_again(release: Release) -> None:
    until(lambda: set(members(release).values()) == {3}, timeout_s=150, every_s=2)
