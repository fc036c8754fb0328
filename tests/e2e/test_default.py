"""The default release from install to reinstall: a story, told in the order of its tests."""

import contextlib
import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.chart.helm import CHART
from tests.e2e.cluster import ClusterError, Namespace, forwarded, name_of
from tests.e2e.journal import Span, check
from tests.e2e.release import Release, ask

from pvsim_local.waiting import until

pytestmark = pytest.mark.timeout(900)
log = logging.getLogger("e2e")
OURS = "secrets,configmaps,persistentvolumeclaims,services,pods,statefulsets,deployments,jobs,poddisruptionbudgets"
# What has data only where there is a reason: nothing is wrong where it has none.
RARE = re.compile(
    r"ALERTS|quarantined|discarded|duplicate|returned|nacked"
    r"|pvsim_checkpoint_"  # before the first segment is closed
    r"|pv_energy_joules_total.*> 0"  # night
)


@pytest.fixture(scope="module")
def release(namespace: Namespace) -> Release:
    """The release that all tests of this module speak of, installed by the first of them."""
    release = Release(namespace)
    release.install()
    return release


@pytest.fixture
def prometheus(release: Release) -> Iterator[str]:
    """The address of the release's Prometheus."""
    with forwarded(release.namespace.name, f"service/{release.prefix}-prometheus", 9090) as address:
        yield address


def spans_of(release: Release) -> dict[str, Span]:
    spans = check(release.journal())
    log.info("the journal holds %s records of %s sites", sum(span.records for span in spans.values()), len(spans))
    return spans


def lasting(release: Release) -> dict[str, str]:
    """What an upgrade must leave alone: the password, the cookie and the StatefulSets' identities."""
    secret: dict[str, str] = release.namespace.object("secret", f"{release.prefix}-broker")["data"]
    sets = release.namespace.objects("statefulsets")
    return secret | {name_of(each): each["metadata"]["uid"] for each in sets}


def test_all_is_ready_within_90_seconds_and_without_a_warning(release: Release) -> None:
    log.info("installed in %.0f s\n%s", release.installed.seconds, release.installed.output)

    assert release.installed.seconds <= 90
    assert "warning" not in release.installed.output.lower()
    assert {pod["status"]["phase"] for pod in release.pods()} == {"Running"}


def test_readings_become_records(release: Release) -> None:
    release.wait_for_records()

    assert spans_of(release).keys() == {"home-1", "home-2", "home-3"}


def test_helm_test_passes(release: Release) -> None:
    outcome = release.test()

    log.info("helm test --logs\n%s", outcome.output)
    assert outcome.output.count("Succeeded") >= 2


def test_prometheus_reaches_all_it_scrapes(prometheus: str) -> None:
    jobs = {"meter", "pvsim", "exporter", "rabbitmq"}

    until(lambda: {each["metric"]["job"] for each in ask(prometheus, "up == 1")} == jobs, timeout_s=60, every_s=1)

    assert ask(prometheus, "up == 0") == []


def test_promql_answers_the_power_of_every_home(prometheus: str, release: Release) -> None:
    until(lambda: len(ask(prometheus, "pvsim_pv_power_watts")) == 3, timeout_s=60, every_s=1)

    rate = "sum by (namespace) (rate(pvsim_readings_consumed_total[1m]))"
    readings = until(lambda: ask(prometheus, rate), timeout_s=60, every_s=1)  # once it has been scraped twice
    log.info("PromQL: %s", ask(prometheus, "pvsim_meter_power_watts"))

    assert [each["metric"]["namespace"] for each in readings] == [release.namespace.name]
    until(lambda: float(ask(prometheus, "pvsim_fleet_meter_power_watts")[0]["value"][1]) > 0, timeout_s=60, every_s=1)


@pytest.mark.parametrize("path", sorted(CHART.glob("dashboards/*.json")), ids=lambda path: path.stem)
def test_every_expression_of_a_dashboard_returns_data(prometheus: str, release: Release, path: Path) -> None:
    text = path.read_text().replace("$__rate_interval", "1m").replace("${__rate_interval}", "1m")
    text = text.replace("$__range", "5m").replace("$__interval", "15s")
    text = re.sub(r"\$\{?namespace(:\w+)?\}?", release.namespace.name, text)
    text = re.sub(r"\$\{?(site|shown)(:\w+)?\}?", ".*", text)
    expressions = set(re.findall(r'"expr": "((?:[^"\\]|\\.)*)"', text))
    expressions = {json.loads(f'"{expression}"') for expression in expressions}
    assert expressions

    def empty() -> list[str]:
        return [each for each in expressions if not RARE.search(each) and not ask(prometheus, each)]

    with contextlib.suppress(TimeoutError):
        until(lambda: not empty(), timeout_s=90, every_s=5)
    assert empty() == []


def test_no_container_was_started_again(release: Release) -> None:
    assert set(release.restarts().values()) == {0}


def test_two_upgrades_and_a_rollback_keep_the_password_and_the_data(release: Release) -> None:
    before = lasting(release)

    release.upgrade("logLevel=debug")
    release.upgrade("logLevel=debug", "pvsim.prefetch=500", "rabbitmq.extraConfig=log.console.level = warning")
    release.rollback(1)

    release.wait_for_records()
    assert lasting(release) == before
    spans_of(release)


def test_a_new_pvsim_leaves_at_most_15_seconds_without_a_record(release: Release) -> None:
    release.upgrade("pvsim.prefetch=900")

    release.wait_for_records()
    text = release.metrics(f"{release.prefix}-pvsim-0", 8082)
    within, all_of_them = (
        float(re.findall(rf"^pvsim_record_delay_seconds_{name} (\S+)", text, re.MULTILINE)[0])
        for name in (r'bucket\{le="10.0"\}', "count")
    )
    assert within == all_of_them > 0


@pytest.mark.parametrize("component", ["rabbitmq", "pvsim", "meter", "prometheus"])
def test_deleting_a_pod_loses_and_repeats_nothing(release: Release, component: str) -> None:
    release.replace_pod(f"{release.prefix}-{component}-0")

    release.wait_for_records()
    spans_of(release)


def test_a_red_helm_test_is_red(release: Release) -> None:
    release.upgrade("tests.red=true")

    with pytest.raises(ClusterError, match="test-red failed"):
        release.test()


def test_an_uninstall_leaves_the_secret_and_the_claims_and_a_reinstall_goes_on(release: Release) -> None:
    before, password = spans_of(release), lasting(release)["password"]

    release.uninstall()
    claims = {f"PersistentVolumeClaim/data-{release.prefix}-{component}-0" for component in ("pvsim", "rabbitmq")}
    until(lambda: left(release) == {f"Secret/{release.prefix}-broker", *claims}, timeout_s=60, every_s=1)
    release.install()

    release.wait_for_records()
    after = spans_of(release)
    assert lasting(release)["password"] == password
    assert {site: span.first for site, span in after.items()} == {site: span.first for site, span in before.items()}
    assert set(release.restarts().values()) == {0}


def left(release: Release) -> set[str]:
    """What is there of the release, but for the finished pods of helm test."""
    objects = release.namespace.objects(OURS, "--selector", f"app.kubernetes.io/instance={release.name}")
    return {
        f"{each['kind']}/{name_of(each)}"
        for each in objects
        if each["metadata"]["labels"]["app.kubernetes.io/component"] != "test"
    }


@pytest.mark.skipif(os.environ.get("E2E_GRAFANA") == "no", reason="Grafana is left out: E2E_GRAFANA=no")
def test_grafana_shows_the_energy_dashboard_to_whoever_asks(release: Release) -> None:
    with forwarded(release.namespace.name, f"service/{release.prefix}-grafana", 80) as address:
        for path in ("/api/dashboards/uid/pvsimulator-energy", "/api/datasources/uid/prometheus/health"):
            with urlopen(f"{address}{path}", timeout=10) as response:
                assert response.status == 200
