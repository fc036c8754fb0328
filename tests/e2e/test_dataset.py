"""The Indexed Job makes one data set with several pods, and is not tried again where its settings make no sense."""

import logging

import numpy as np
import pytest
from tests.e2e.cluster import Namespace, Object, kubectl
from tests.e2e.release import Release
from tests.simulated import lines_of_all

from pvsim_local.waiting import until

pytestmark = pytest.mark.timeout(600)
log = logging.getLogger("e2e")
HOMES, PODS = 10, 3
DAY_MS, MINUTE_MS = 86_400_000, 60_000
FIRST_MS = 1_782_000_000_000  # 2026-06-21
SETTINGS = {"start": "2026-06-21", "end": "2026-06-23", "interval": "10min", "homes": HOMES, "format": "jsonl"}


@pytest.fixture(scope="module")
def release(namespace: Namespace) -> Release:
    """The release with a data set of two days."""
    release = Release(namespace, *values(SETTINGS), homes=3)
    release.install()
    return release


def values(settings: dict[str, object]) -> list[str]:
    """The values of a data set that several pods make."""
    pods = [f"dataset.pods.{name}={PODS}" for name in ("completions", "parallelism")]
    return ["dataset.enabled=true", *pods, *(f"dataset.settings.{name}={value}" for name, value in settings.items())]


def jobs(namespace: Namespace) -> list[Object]:
    """The Jobs of data sets, the newest last."""
    found = namespace.objects("jobs", "--selector", "app.kubernetes.io/component=dataset")
    return sorted(found, key=lambda job: str(job["metadata"]["creationTimestamp"]))


def has(job: Object, condition: str) -> bool:
    """Whether a Job has come to an end of that kind."""
    conditions = {each["type"]: each["status"] for each in job["status"].get("conditions", [])}
    return conditions.get(condition) == "True"


def test_each_pod_makes_its_share_of_the_homes(release: Release) -> None:
    until(lambda: has(jobs(release.namespace)[0], "Complete"), timeout_s=300, every_s=1)

    instants = np.arange(FIRST_MS, FIRST_MS + 2 * DAY_MS, 10 * MINUTE_MS)
    sites = [f"home-{n}" for n in range(1, HOMES + 1)]
    files = contents(release.namespace, f"{release.prefix}-dataset")
    assert sorted(files) == [f"date=2026-06-{day}/part-{n}.jsonl" for day in (21, 22) for n in range(PODS)]
    lines = [line for text in files.values() for line in text.encode().splitlines()]
    assert sorted(lines) == sorted(lines_of_all(sites, instants))
    assert [job["status"]["completedIndexes"] for job in jobs(release.namespace)] == [f"0-{PODS - 1}"]


def test_other_values_make_another_job_and_a_mistake_ends_it_at_once(release: Release) -> None:
    release.upgrade(*values(SETTINGS | {"end": "2026-06-20", "output": "/data/second/"}))

    until(lambda: any(has(job, "Failed") for job in jobs(release.namespace)), timeout_s=120, every_s=1)

    failed = next(job for job in jobs(release.namespace) if has(job, "Failed"))
    assert failed["status"]["failed"] <= PODS  # each at most once
    reasons = {each["reason"] for each in failed["status"]["conditions"] if each["type"] == "Failed"}
    assert reasons == {"PodFailurePolicy"}


def contents(namespace: Namespace, claim: str) -> dict[str, str]:
    """The JSON lines on a claim by the names of their files, as a pod of the data set's image sees them."""
    image = jobs(namespace)[0]["spec"]["template"]["spec"]["containers"][0]["image"]
    namespace.apply(reader(claim, image))
    namespace.wait_until_ready("reader")
    found = kubectl("exec", "reader", "--", "sh", "-c", "cd /data && find . -name '*.jsonl'", namespace=namespace.name)
    names = [name.removeprefix("./") for name in found.split()]
    texts = {name: kubectl("exec", "reader", "--", "cat", f"/data/{name}", namespace=namespace.name) for name in names}
    kubectl("delete", "pod", "reader", "--grace-period=1", namespace=namespace.name)
    return texts


def reader(claim: str, image: str) -> Object:
    """A pod that only holds the claim."""
    security = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    container = {
        "name": "reader",
        "image": image,
        "command": ["sleep", "600"],
        "securityContext": security,
        "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "reader"},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "fsGroup": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}],
        },
    }
