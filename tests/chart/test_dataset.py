"""The Job that makes a data set: off by default, one shard for each pod, the same simulation as the services'."""

import re

import pytest
from tests.chart.helm import CHART, Manifest, render, template
from tests.chart.manifests import containers, environment, named, of_kind, pods

from dataset.settings import DatasetSettings
from pvsim_common.settings import read

ENABLED = ("--set", "dataset.enabled=true,dataset.settings.start=2026-01-01,dataset.settings.end=2026-02-01")


@pytest.fixture
def manifests() -> list[Manifest]:
    """The chart with the values that make a data set by four pods."""
    return render("--values", CHART / "ci" / "dataset-values.yaml")


def job(manifests: list[Manifest]) -> Manifest:
    [found] = of_kind(manifests, "Job")
    return found


def variables(manifests: list[Manifest], container: str) -> dict[str, str]:
    [found] = [each for _, _, each in containers(manifests) if each["name"] == container]
    return environment(found, manifests)


def test_there_is_no_data_set_unless_asked_for(default: list[Manifest]) -> None:
    assert [manifest for manifest in default if "dataset" in manifest["metadata"]["name"]] == []


def test_each_pod_of_the_job_is_told_how_many_they_are(manifests: list[Manifest]) -> None:
    spec = job(manifests)["spec"]

    assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 4, 2)
    assert variables(manifests, "dataset")["JOB_COMPLETIONS"] == "4"


def test_the_pod_accepts_the_settings_it_is_given(manifests: list[Manifest], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**variables(manifests, "dataset"), "JOB_COMPLETION_INDEX": "3"}.items():
        monkeypatch.setenv(name, value)

    settings = read(DatasetSettings, [])

    recipe = settings.recipe
    assert settings.output == "/data/"
    assert (recipe.shard, recipe.shards, recipe.homes, recipe.format_name) == (3, 4, 100, "parquet")
    assert recipe.model.place.latitude == 52.52  # of Berlin, which is the data set's own


def test_every_variable_is_a_setting(manifests: list[Manifest]) -> None:
    known = {
        f"{prefix}_{name.upper()}" for prefix in ("DATASET", "PVSIMULATOR") for name in DatasetSettings.model_fields
    }

    assert variables(manifests, "dataset").keys() - known == {"JOB_COMPLETIONS"}


def test_homes_and_simulation_are_those_of_the_release_unless_set() -> None:
    manifests = render(*ENABLED, "--set", "meter.homes=7,simulation.place=sydney,simulation.plant.surfaceTilt=20")
    told, meters = variables(manifests, "dataset"), variables(manifests, "meter")

    shared = {name for name in told.keys() & meters.keys() if name.startswith("PVSIMULATOR_")}
    assert {"PVSIMULATOR_PLACE", "PVSIMULATOR_SEED", "PVSIMULATOR_SURFACE_TILT"} <= shared
    assert {name for name in shared if told[name] != meters[name]} == set()
    assert told["PVSIMULATOR_HOMES"] == "7"
    assert "DATASET_HOMES" not in told


def test_other_values_make_another_job_since_none_can_be_changed() -> None:
    names = [
        job(render(*ENABLED, "--set", more))["metadata"]["name"]
        for more in ("logLevel=info", "logLevel=info", "simulation.seed=2", "dataset.image.tag=v1", "global.x=1")
    ]

    assert names[0] == names[1] == names[4]
    assert len(set(names)) == 3


def test_a_mistake_in_the_settings_is_not_tried_again(manifests: list[Manifest]) -> None:
    [failing, ignored] = job(manifests)["spec"]["podFailurePolicy"]["rules"]

    assert failing == {
        "action": "FailJob",
        "onExitCodes": {"containerName": "dataset", "operator": "In", "values": [2]},
        "onPodConditions": [],
    }
    assert ignored["action"] == "Ignore"


def test_pods_of_the_job_have_names_that_are_valid_hosts() -> None:
    name = job(render(*ENABLED, release="a" * 53))["metadata"]["name"]

    assert len(f"{name}-1023") <= 63
    assert re.fullmatch(r"[a-z0-9-]+-dataset-[0-9a-f]{8}", name)


def test_the_data_set_outlives_its_release_or_goes_to_a_claim_that_is_there(manifests: list[Manifest]) -> None:
    claim = named(manifests, "PersistentVolumeClaim", "-dataset")
    [pod] = [pod for pod in pods(manifests) if pod.owner.startswith("Job/")]

    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert pod.volume("data")["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]

    given = render(*ENABLED, "--set", "dataset.persistence.existingClaim=mine")
    [pod] = [pod for pod in pods(given) if pod.owner.startswith("Job/")]
    assert of_kind(given, "PersistentVolumeClaim") == []
    assert pod.volume("data")["persistentVolumeClaim"]["claimName"] == "mine"


def test_the_pod_talks_to_nobody(manifests: list[Manifest]) -> None:
    policy = named(manifests, "NetworkPolicy", "-dataset")["spec"]

    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy.keys() == {"podSelector", "policyTypes"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("dataset.settings.end=2026-02-01", "dataset.settings.start and dataset.settings.end are needed"),
        ("dataset.settings.start=2026-02-01", "dataset.settings.start and dataset.settings.end are needed"),
        (
            "dataset.settings.start=2026-01-01,dataset.settings.end=2026-01-02,dataset.pods.completions=4",
            "dataset.pods.completions must be at most the number of homes, 3, not 4",
        ),
        ("dataset.settings.start=now,dataset.settings.end=2026-01-02", "start"),
        ("dataset.settings.speed=2", "speed"),
        ("dataset.settings.output=/tmp/", "output"),
    ],
)
def test_values_that_make_no_data_set_are_refused(values: str, said: str) -> None:
    refused = template("--set", f"dataset.enabled=true,{values}")

    assert refused.returncode != 0
    assert said in refused.stderr
