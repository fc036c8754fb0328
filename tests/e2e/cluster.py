"""The cluster of kubectl's current context: objects, namespaces and forwarded ports."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from pvsim_local.waiting import until

Object: TypeAlias = dict[str, Any]


class ClusterError(Exception):
    """What kubectl or helm refused, in its own words."""


def kubectl(*words: object, namespace: str | None = None, given: str | None = None) -> str:
    """What kubectl answers. Raises ClusterError."""
    where = ["--namespace", namespace] if namespace else []
    command = ["kubectl", *where, *(str(word) for word in words)]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise ClusterError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def forwarded(namespace: str, target: str, port: int) -> Iterator[str]:
    """The address on this machine at which a pod or Service answers, such as http://127.0.0.1:34567."""
    command = ["kubectl", "--namespace", namespace, "port-forward", target, f":{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as forwarding:
        try:
            line = forwarding.stdout.readline() if forwarding.stdout else ""
            found = re.search(r"127\.0\.0\.1:\d+", line)
            if not found:
                raise ClusterError(f"{' '.join(command)}: {line or 'no answer'}")
            yield f"http://{found[0]}"
        finally:
            forwarding.terminate()


class Namespace:
    """A namespace of our own."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create(self) -> None:
        """Make it anew; pods that are not restricted are refused in it."""
        self.delete()
        labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.name, "labels": labels}})

    def delete(self) -> None:
        """Delete it with all there is in it."""
        kubectl("delete", "namespace", self.name, "--ignore-not-found", "--wait=true", "--timeout=300s")

    def apply(self, *manifests: Object) -> None:
        """Make or change objects."""
        kubectl("apply", "--filename", "-", given="\n---\n".join(map(json.dumps, manifests)), namespace=self.name)

    def objects(self, kinds: str, *words: str) -> list[Object]:
        """The objects of some kinds, such as pods,secrets."""
        answer = json.loads(kubectl("get", kinds, *words, "--output", "json", namespace=self.name))
        items: list[Object] = answer["items"]
        return items

    def object(self, kind: str, name: str) -> Object:
        """One object."""
        found: Object = json.loads(kubectl("get", kind, name, "--output", "json", namespace=self.name))
        return found

    def wait_until_ready(self, pod: str, *, timeout_s: float = 180) -> None:
        """Wait for a pod that may not be there yet."""
        until(lambda: any(is_ready(each) for each in self.objects("pods") if name_of(each) == pod), timeout_s=timeout_s)


def name_of(thing: Object) -> str:
    """Its name."""
    return str(thing["metadata"]["name"])


def is_ready(pod: Object) -> bool:
    """Whether a pod is there to stay and ready."""
    conditions = {each["type"]: each["status"] for each in pod["status"].get("conditions", [])}
    return conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]
