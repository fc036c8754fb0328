"""The workloads: numbers that both sides agree on, variables that are settings, probes, and room for a drain."""

import math

import pytest
from tests.chart.helm import CHART, Manifest, render
from tests.chart.manifests import containers, environment, identity, lasting_pods, matches, named, of_kind

from exporter.settings import ExporterSettings
from meter.settings import MeterSettings
from pvsim.settings import PvsimSettings
from pvsim_common.settings import ServiceSettings, read

SETTINGS: dict[str, type[ServiceSettings]] = {
    each.service: each for each in (MeterSettings, PvsimSettings, ExporterSettings)
}


def variables(manifests: list[Manifest], container: str) -> dict[str, str]:
    [found] = [each for _, _, each in containers(manifests) if each["name"] == container]
    return environment(found, manifests)


def test_partitions_are_pvsims_replicas_and_shards_are_the_meters(manifests: list[Manifest]) -> None:
    pvsim, meter = (named(manifests, "StatefulSet", f"-{name}")["spec"]["replicas"] for name in ("pvsim", "meter"))

    told = {
        name: variables(manifests, name).get(f"{name.upper()}_PARTITIONS")
        or variables(manifests, name)["PVSIMULATOR_PARTITIONS"]
        for name in ("meter", "pvsim")
    }
    assert told == {"meter": str(pvsim), "pvsim": str(pvsim)}
    assert variables(manifests, "meter")["METER_SHARDS"] == str(meter)


def test_every_variable_is_a_setting_of_its_service_or_of_the_simulation_that_all_share(
    manifests: list[Manifest],
) -> None:
    shared = {f"PVSIMULATOR_{name.upper()}" for settings in SETTINGS.values() for name in settings.model_fields}
    for service, settings in SETTINGS.items():
        names = variables(manifests, service).keys()
        own = {f"{service.upper()}_{name.upper()}" for name in settings.model_fields}
        assert names & own, service
        assert names - own - shared == set(), service


def test_the_services_accept_the_settings_they_are_given(
    manifests: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    for service, settings in SETTINGS.items():
        with monkeypatch.context() as patch:
            for name, value in variables(manifests, service).items():
                if not name.endswith(("_FILE", "_BROKER_URL")):  # they are not here
                    patch.setenv(name, value)
            patch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
            patch.setenv("HOSTNAME", f"release-{service}-0")
            told = read(settings, [])
        assert told.http_host == "0.0.0.0"


def test_large_numbers_reach_the_services_as_they_were_written() -> None:
    manifests = render("--set", "meter.homes=1000000", "--set", "meter.intervalS=0.01")

    told = variables(manifests, "meter")

    assert (told["METER_HOMES"], told["METER_INTERVAL_S"]) == ("1000000", "0.01")


def test_what_stands_in_a_mapping_reaches_the_services_by_its_own_name() -> None:
    manifests = render("--set-json", "simulation.position.latitude=-12.5", "--set", "simulation.plant.losses=20")

    for service in ("meter", "pvsim"):
        told = variables(manifests, service)
        assert told["PVSIMULATOR_LATITUDE"] == "-12.5", service
        assert told["PVSIMULATOR_LOSSES"] == "20", service
        assert not {"PVSIMULATOR_POSITION", "PVSIMULATOR_PLANT", "PVSIMULATOR_LONGITUDE"} & told.keys(), service


def test_how_long_and_how_large_a_journal_may_get_reaches_pvsim(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = "pvsim.segmentSize=16MiB,pvsim.retentionSize=40000000000,pvsim.retentionAge=30d,pvsim.compress=false"

    told = variables(render("--set", sizes), "pvsim")

    for name, value in told.items():
        if name.startswith("PVSIM_"):
            monkeypatch.setenv(name, value)
    settings = read(PvsimSettings, ["--partition=0"])
    assert (settings.segment_size, settings.retention_size) == (16 * 2**20, 40_000_000_000)
    assert (settings.retention_age, settings.compress) == (30 * 86400, False)
    assert "PVSIM_RETENTION_AGE" not in variables(render(), "pvsim")


def test_meter_and_pvsim_simulate_the_same_place(manifests: list[Manifest]) -> None:
    shared = [
        {name: value for name, value in variables(manifests, service).items() if name.startswith("PVSIMULATOR_")}
        for service in ("meter", "pvsim")
    ]

    assert {name for name in shared[0] if name in shared[1] and shared[0][name] != shared[1][name]} == set()
    assert {"PVSIMULATOR_SEED", "PVSIMULATOR_PLACE"} <= shared[0].keys() & shared[1].keys()


def test_every_disruption_budget_leaves_room_for_a_drain(manifests: list[Manifest]) -> None:
    assert of_kind(manifests, "PodDisruptionBudget")
    for budget in of_kind(manifests, "PodDisruptionBudget"):
        [workload] = [
            each
            for each in of_kind(manifests, "StatefulSet", "Deployment")
            if matches(budget["spec"]["selector"], each["spec"]["template"]["metadata"]["labels"])
        ]
        spec, replicas = budget["spec"], workload["spec"]["replicas"]
        room = spec["maxUnavailable"] if "maxUnavailable" in spec else replicas - spec["minAvailable"]
        assert room >= 1, identity(budget)


def test_the_broker_keeps_its_majority_in_a_drain() -> None:
    manifests = render("--values", CHART / "ci" / "ha-values.yaml")
    nodes = named(manifests, "StatefulSet", "-rabbitmq")["spec"]["replicas"]

    assert named(manifests, "PodDisruptionBudget", "-rabbitmq")["spec"]["maxUnavailable"] < math.ceil(nodes / 2)


def test_the_ha_values_are_three_brokers_four_partitions_and_two_shards() -> None:
    manifests = render("--values", CHART / "ci" / "ha-values.yaml")

    replicas = {
        name: named(manifests, "StatefulSet", f"-{name}")["spec"]["replicas"] for name in ("rabbitmq", "pvsim", "meter")
    }

    assert replicas == {"rabbitmq": 3, "pvsim": 4, "meter": 2}


def test_services_have_startup_liveness_and_readiness_probes(manifests: list[Manifest]) -> None:
    for _, _, container in containers(manifests):
        if container["name"] in SETTINGS:
            asked = {
                probe: container[probe]["httpGet"]["path"]
                for probe in ("startupProbe", "livenessProbe", "readinessProbe")
            }
            assert asked == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}


def test_the_broker_is_never_killed_for_being_slow(default: list[Manifest]) -> None:
    [broker] = [each for _, _, each in containers(default) if each["name"] == "rabbitmq"]

    assert "livenessProbe" not in broker
    assert {"startupProbe", "readinessProbe"} <= broker.keys()


def test_nodes_of_the_broker_start_together(default: list[Manifest]) -> None:
    assert named(default, "StatefulSet", "-rabbitmq")["spec"]["podManagementPolicy"] == "Parallel"
    nodes = named(default, "Service", "-rabbitmq-nodes")["spec"]
    assert (nodes["clusterIP"], nodes["publishNotReadyAddresses"]) == ("None", True)


def test_no_pod_waits_for_another_in_an_init_container(manifests: list[Manifest]) -> None:
    waiting = [container["name"] for pod in lasting_pods(manifests) for container in pod.spec.get("initContainers", [])]

    assert set(waiting) <= {"cookie"}


def test_a_pod_with_a_claim_of_one_node_is_a_stateful_set_or_a_job(manifests: list[Manifest]) -> None:
    claims = [
        identity(each)
        for each in of_kind(manifests, "PersistentVolumeClaim")
        if each["metadata"]["labels"]["app.kubernetes.io/component"] != "dataset"
    ]
    by_deployment = [
        identity(each)
        for each in of_kind(manifests, "Deployment")
        for volume in each["spec"]["template"]["spec"].get("volumes", [])
        if "persistentVolumeClaim" in volume
    ]

    assert (claims, by_deployment) == ([], [])


def test_the_journal_outlives_its_release(manifests: list[Manifest]) -> None:
    spec = named(manifests, "StatefulSet", "-pvsim")["spec"]

    assert "Delete" not in spec.get("persistentVolumeClaimRetentionPolicy", {}).values()
    assert [claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"]] == ["data"]


def test_there_is_a_test_that_helm_runs(manifests: list[Manifest]) -> None:
    hooks = [each for each in manifests if each["metadata"].get("annotations", {}).get("helm.sh/hook") == "test"]

    assert [each["kind"] for each in hooks if each["kind"] in ("Pod", "Job")]
