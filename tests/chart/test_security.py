"""Every pod keeps the restricted Pod Security Standard, writes only where it must, and asks for what it needs."""

import re

from tests.chart.helm import Manifest
from tests.chart.manifests import containers, lasting_pods, of_kind, pods

UNITS = {"m": 0.001, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
HARMLESS_VOLUMES = {"configMap", "downwardAPI", "emptyDir", "persistentVolumeClaim", "projected", "secret"}


def quantity(text: object) -> float:
    """The number that a Kubernetes quantity such as 250m or 1Gi means."""
    found = re.fullmatch(r"([\d.]+)([a-zA-Z]*)", str(text))
    assert found, text
    return float(found[1]) * UNITS[found[2]]


def test_every_container_is_restricted(manifests: list[Manifest]) -> None:
    assert list(containers(manifests))
    for name, pod, container in containers(manifests):
        own = container.get("securityContext", {})
        both = pod.spec.get("securityContext", {}) | own
        assert both.get("runAsNonRoot") is True, name
        assert both.get("runAsUser", 1) != 0, name
        assert both.get("seccompProfile") == {"type": "RuntimeDefault"}, name
        assert own.get("allowPrivilegeEscalation") is False, name
        assert own.get("capabilities") == {"drop": ["ALL"]}, name
        assert not own.get("privileged"), name
        assert not [port for port in container.get("ports", []) if "hostPort" in port], name


def test_no_pod_shares_anything_with_its_node(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.spec.keys(), pod.owner
        kinds = {kind for volume in pod.spec.get("volumes", []) for kind in volume if kind != "name"}
        assert kinds <= HARMLESS_VOLUMES, pod.owner


def test_the_root_is_read_only_and_what_is_written_to_is_bounded(manifests: list[Manifest]) -> None:
    for name, pod, container in containers(manifests):
        assert container["securityContext"].get("readOnlyRootFilesystem") is True, name
        for mount in container.get("volumeMounts", []):
            volume = pod.volume(mount["name"])
            written = not mount.get("readOnly") and ({"emptyDir", "persistentVolumeClaim"} & volume.keys())
            assert not written or "persistentVolumeClaim" in volume or "sizeLimit" in (volume["emptyDir"] or {}), name


def test_the_exporter_cannot_write_to_the_journal(manifests: list[Manifest]) -> None:
    [exporter] = [container for _, _, container in containers(manifests) if container["name"] == "exporter"]

    assert [mount.get("readOnly") for mount in exporter["volumeMounts"] if mount["name"] == "data"] == [True]


def test_every_container_asks_for_cpu_and_memory_and_has_a_limit_of_memory_alone(manifests: list[Manifest]) -> None:
    for name, _, container in containers(manifests):
        resources = container.get("resources", {})
        limits = resources.get("limits", {})
        requests = {"memory": limits.get("memory")} | resources.get("requests", {})
        assert limits.keys() == {"memory"}, name
        assert quantity(requests["cpu"]) > 0, name
        assert 0 < quantity(requests["memory"]) <= quantity(limits["memory"]), name


def test_the_default_release_asks_for_at_most_one_cpu_and_one_and_a_half_gibibytes(default: list[Manifest]) -> None:
    requested = {"cpu": 0.0, "memory": 0.0}
    for pod in lasting_pods(default):
        for container in pod.spec["containers"]:
            resources = container["resources"]
            for kind in requested:
                requested[kind] += quantity(resources.get("requests", {}).get(kind) or resources["limits"][kind])

    assert 0 < requested["cpu"] <= 1
    assert 0 < requested["memory"] <= 1.5 * 2**30


def test_no_pod_has_a_token_or_the_addresses_of_other_services(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        assert pod.spec.get("automountServiceAccountToken") is False, pod.owner
        assert pod.spec.get("enableServiceLinks") is False, pod.owner


def test_nobody_is_given_rights_in_the_cluster(default: list[Manifest]) -> None:
    assert of_kind(default, "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "ServiceAccount") == []


def test_a_claim_belongs_to_the_user_that_writes_to_it(manifests: list[Manifest]) -> None:
    for pod in lasting_pods(manifests):
        context = pod.spec["securityContext"]
        assert context["fsGroup"] == context["runAsGroup"] == context["runAsUser"], pod.owner
        assert context["fsGroupChangePolicy"] == "OnRootMismatch", pod.owner
