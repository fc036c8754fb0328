"""A password stands in one Secret and nowhere else; who brings a Secret gets none made."""

import base64

import pytest
import yaml
from tests.chart.helm import CHART, Manifest, render, text
from tests.chart.manifests import containers, environment, of_kind

CANARY = "Canary0fTheMine"
KEYS = {"username", "password", "host", "port", "connection_string"}
EXTERNAL = ("externalRabbitmq.enabled=true", "rabbitmq.enabled=false")


def with_values(*values: str) -> tuple[str, ...]:
    return tuple(word for value in values for word in ("--set", value))


def broker_secrets(manifests: list[Manifest]) -> list[Manifest]:
    return [
        secret
        for secret in of_kind(manifests, "Secret")
        if {"password", "erlang_cookie", "connection_string"} & {*secret.get("data", {}), *secret.get("stringData", {})}
    ]


def encodings(word: str) -> set[str]:
    """The word itself, and what base64 makes of it at each offset."""
    made = {word}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + word.encode()).decode().rstrip("=")
        made.add(encoded[4 if offset else 0 : -2])
    return made


@pytest.mark.parametrize(
    "values",
    [
        (f"rabbitmq.auth.password={CANARY}",),
        (f"rabbitmq.auth.erlangCookie={CANARY}",),
        (*EXTERNAL, f"externalRabbitmq.password={CANARY}", "externalRabbitmq.host=mq", "externalRabbitmq.username=me"),
    ],
    ids=["password", "cookie", "external"],
)
def test_a_password_stands_in_one_secret_and_nowhere_else(values: tuple[str, ...]) -> None:
    arguments = with_values(*values)

    holders = [
        manifest
        for manifest in render(*arguments)
        if any(encoded in yaml.safe_dump(manifest, width=10**6) for encoded in encodings(CANARY))
    ]

    assert CANARY not in text(*arguments)
    assert [(holder["kind"], "stringData" in holder) for holder in holders] == [("Secret", False)]


def test_the_broker_secret_keeps_the_contract_and_outlives_the_release(default: list[Manifest]) -> None:
    [secret] = broker_secrets(default)
    data = {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}

    assert data.keys() == KEYS | {"erlang_cookie"}
    assert data["connection_string"] == (
        f"amqp://{data['username']}:{data['password']}@{data['host']}:{data['port']}/%2F"
    )
    assert data["password"].isalnum()
    assert len(data["password"]) >= 24
    assert data["erlang_cookie"].isalnum()
    assert secret["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"


@pytest.mark.parametrize(
    "values",
    [("rabbitmq.auth.existingSecret=mine",), (*EXTERNAL, "externalRabbitmq.existingSecret=mine")],
    ids=["own broker", "external"],
)
def test_a_secret_of_ones_own_is_used_and_none_is_made(values: tuple[str, ...]) -> None:
    manifests = render(*with_values(*values))

    assert broker_secrets(manifests) == []
    assert used_secrets(manifests) == {"mine"}


def test_every_mode_gives_meter_and_pvsim_the_connection_string_of_one_secret(manifests: list[Manifest]) -> None:
    references = [
        environment(container, manifests)["PVSIMULATOR_BROKER_URL"]["secretKeyRef"]
        for _, _, container in containers(manifests)
        if container["name"] in ("meter", "pvsim")
    ]

    assert len(references) == 2
    assert references[0] == references[1]
    assert references[0]["key"] == "connection_string"


def test_the_operators_secret_has_the_name_that_the_operator_gives_it() -> None:
    manifests = render("--values", CHART / "ci" / "operator-values.yaml")
    [cluster] = of_kind(manifests, "RabbitmqCluster")

    assert broker_secrets(manifests) == []
    assert used_secrets(manifests) == {f"{cluster['metadata']['name']}-default-user"}


def used_secrets(manifests: list[Manifest]) -> set[str]:
    """The Secrets that variables and volumes of the broker's clients and of the broker name."""
    found = set()
    for _, pod, container in containers(manifests):
        if "grafana" in pod.owner:
            continue
        found |= {
            variable["valueFrom"]["secretKeyRef"]["name"]
            for variable in container.get("env", [])
            if "secretKeyRef" in variable.get("valueFrom", {})
        }
        found |= {volume["secret"]["secretName"] for volume in pod.spec.get("volumes", []) if "secret" in volume}
    return found
