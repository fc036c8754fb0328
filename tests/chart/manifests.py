"""What the tests ask of rendered manifests: pods, containers, environments, selectors."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.chart.helm import Manifest

WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "Pod"}


class Pod(NamedTuple):
    """The pods that a manifest makes."""

    owner: str  # kind/name of the manifest
    metadata: dict[str, Any]
    spec: dict[str, Any]
    claims: dict[str, Any]  # claim templates by name

    @property
    def labels(self) -> dict[str, str]:
        """The pod's labels."""
        return dict(self.metadata.get("labels", {}))

    @property
    def containers(self) -> list[dict[str, Any]]:
        """Its containers, those of the start first."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def ports(self) -> dict[str, int]:
        """The numbers of its named ports."""
        return {
            port["name"]: port["containerPort"] for container in self.containers for port in container.get("ports", [])
        }

    def volume(self, name: str) -> dict[str, Any]:
        """The volume of that name; one from a claim template reads as a claim."""
        if name in self.claims:
            return {"name": name, "persistentVolumeClaim": {}}
        return next(volume for volume in self.spec.get("volumes", []) if volume["name"] == name)


def identity(manifest: Manifest) -> str:
    """Kind and name."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    """The manifests of some kinds."""
    return [manifest for manifest in manifests if manifest["kind"] in kinds]


def named(manifests: list[Manifest], kind: str, end: str) -> Manifest:
    """The one manifest of a kind whose name ends so."""
    [found] = [each for each in of_kind(manifests, kind) if each["metadata"]["name"].endswith(end)]
    return found


def pods(manifests: list[Manifest]) -> list[Pod]:
    """The pods that the manifests make, those of hooks too."""
    return [_pod(manifest) for manifest in of_kind(manifests, *WORKLOADS)]


def lasting_pods(manifests: list[Manifest]) -> list[Pod]:
    """The pods that run as long as the release: those of a Deployment or StatefulSet."""
    return [_pod(manifest) for manifest in of_kind(manifests, "Deployment", "StatefulSet", "DaemonSet")]


def _pod(manifest: Manifest) -> Pod:
    template = manifest if manifest["kind"] == "Pod" else manifest["spec"]["template"]
    claims = manifest["spec"].get("volumeClaimTemplates", [])
    return Pod(
        identity(manifest),
        template.get("metadata", {}),
        template["spec"],
        {claim["metadata"]["name"]: claim for claim in claims},
    )


def containers(manifests: list[Manifest]) -> Iterator[tuple[str, Pod, dict[str, Any]]]:
    """Each container with its pod and a name to show."""
    for pod in pods(manifests):
        for container in pod.containers:
            yield f"{pod.owner}/{container['name']}", pod, container


def environment(container: dict[str, Any], manifests: list[Manifest]) -> dict[str, Any]:
    """The variables of a container by name: a value where it is known, what it refers to where it is a secret."""
    variables: dict[str, Any] = {}
    for source in container.get("envFrom", []):
        for kind, reference in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            if reference in source:
                [found] = [m for m in of_kind(manifests, kind) if m["metadata"]["name"] == source[reference]["name"]]
                variables |= {source.get("prefix", "") + key: value for key, value in found["data"].items()}
    for variable in container.get("env", []):
        variables[variable["name"]] = variable.get("value", variable.get("valueFrom"))
    return variables


def matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a label selector, or a Service's plain one, matches labels."""
    if "matchLabels" in selector or "matchExpressions" in selector:
        expressions = selector.get("matchExpressions", [])
        return matches(selector.get("matchLabels", {}), labels) and all(_holds(each, labels) for each in expressions)
    return all(labels.get(key) == value for key, value in selector.items())


def _holds(expression: dict[str, Any], labels: dict[str, str]) -> bool:
    value, operator = labels.get(expression["key"]), expression["operator"]
    if operator in ("Exists", "DoesNotExist"):
        return bool(value is not None) == bool(operator == "Exists")
    return bool(value in expression["values"]) == bool(operator == "In")
