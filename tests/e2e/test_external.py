"""A broker that is there already: the release brings none, and its readings go by way of that one."""

import pytest
import yaml
from tests.chart.helm import CHART
from tests.e2e.cluster import Namespace, Object, name_of
from tests.e2e.journal import check
from tests.e2e.release import Release

pytestmark = pytest.mark.timeout(600)
PASSWORD = "OfSomebodyElse"


def broker() -> tuple[Object, Object]:
    """A pod with RabbitMQ in the chart's version, and its Service."""
    image = yaml.safe_load((CHART / "charts" / "rabbitmq" / "values.yaml").read_text())["image"]
    metadata = {"name": "somebodys-broker", "labels": {"app": "somebodys-broker"}}
    container = {
        "name": "rabbitmq",
        "image": f"{image['repository']}:{image['tag']}",
        "env": [
            {"name": "RABBITMQ_DEFAULT_USER", "value": "somebody"},
            {"name": "RABBITMQ_DEFAULT_PASS", "value": PASSWORD},
        ],
        "readinessProbe": {"tcpSocket": {"port": 5672}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    context = {
        "runAsNonRoot": True,
        "runAsUser": 999,
        "runAsGroup": 999,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    spec = {"containers": [container], "securityContext": context, "automountServiceAccountToken": False}
    service = {"selector": {"app": "somebodys-broker"}, "ports": [{"port": 5672}]}
    return (
        {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec},
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": service},
    )


@pytest.fixture(scope="module")
def release(namespace: Namespace) -> Release:
    """The release, installed beside somebody else's broker."""
    namespace.apply(*broker())
    namespace.wait_until_ready("somebodys-broker")
    release = Release(
        namespace,
        "rabbitmq.enabled=false",
        "externalRabbitmq.enabled=true",
        "externalRabbitmq.host=somebodys-broker",
        "externalRabbitmq.username=somebody",
        f"externalRabbitmq.password={PASSWORD}",
    )
    release.install()
    return release


def test_readings_go_by_way_of_the_other_broker(release: Release) -> None:
    release.wait_for_records()

    assert len(check(release.journal())) == 3
    assert [name_of(pod) for pod in release.pods("rabbitmq")] == []


def test_helm_test_passes_there_too(release: Release) -> None:
    assert release.test().output.count("Succeeded") >= 2
