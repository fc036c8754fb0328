"""Two partitions and two shards share the homes, with a broker Secret of one's own."""

import base64
import logging

import pytest
from tests.e2e.cluster import Namespace, name_of
from tests.e2e.journal import check
from tests.e2e.release import Release

pytestmark = pytest.mark.timeout(600)
log = logging.getLogger("e2e")
HOMES = 10
PASSWORD = "OfMyOwnMaking"


def login(prefix: str) -> dict[str, str]:
    """The six keys of the contract."""
    host = f"{prefix}-rabbitmq"
    return {
        "username": "somebody",
        "password": PASSWORD,
        "host": host,
        "port": "5672",
        "connection_string": f"amqp://somebody:{PASSWORD}@{host}:5672/%2F",
        "erlang_cookie": "CookieOfMyOwnMaking",
    }


@pytest.fixture(scope="module")
def release(namespace: Namespace) -> Release:
    """The release, installed; its Secret was there before."""
    release = Release(
        namespace,
        f"meter.homes={HOMES}",
        "meter.shards=2",
        "pvsim.partitions=2",
        "rabbitmq.auth.existingSecret=mine",
        homes=HOMES,
        partitions=2,
    )
    namespace.apply(secret("mine", login(release.prefix)))
    release.install()
    return release


def secret(name: str, data: dict[str, str]) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


def test_each_partition_holds_its_sites_and_all_homes_are_there(release: Release) -> None:
    release.wait_for_records()

    spans = [check(release.journal(partition), partition=partition, partitions=2) for partition in range(2)]

    assert all(spans)
    assert sorted(spans[0] | spans[1]) == sorted(f"home-{n}" for n in range(1, HOMES + 1))
    assert spans[0].keys() & spans[1].keys() == set()


def test_the_secret_of_ones_own_is_used_and_none_is_made(release: Release) -> None:
    secrets = {name_of(each): each for each in release.namespace.objects("secrets") if each["type"] == "Opaque"}

    assert secrets.keys() == {"mine"}
    assert base64.b64decode(secrets["mine"]["data"]["password"]).decode() == PASSWORD


def test_killing_one_of_each_loses_and_repeats_nothing(release: Release) -> None:
    for pod in ("pvsim-1", "meter-0", "pvsim-0", "meter-1"):
        release.replace_pod(f"{release.prefix}-{pod}", kill=True)

    release.wait_for_records()
    for partition in range(2):
        check(release.journal(partition), partition=partition, partitions=2)


def test_helm_test_sees_the_records_of_both_partitions(release: Release) -> None:
    outcome = release.test()

    log.info("helm test --logs\n%s", outcome.output)
    assert outcome.output.count("Succeeded") >= 2
