"""A release of the chart in a cluster: installed, upgraded, asked, and its journal read."""

import json
import os
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.chart.helm import CHART
from tests.e2e.cluster import ClusterError, Namespace, Object, forwarded, is_ready, kubectl, name_of

from pvsim_common.broker.queues import partition_of
from pvsim_common.messages import parse_timestamp
from pvsim_local.waiting import until


class Outcome(NamedTuple):
    """What helm did."""

    seconds: float
    output: str


class Release:
    """A release in a namespace; values are as after --set, a values file by its name in ci/."""

    def __init__(
        self,
        namespace: Namespace,
        *values: str,
        file: str | None = None,
        name: str = "pvsim",
        homes: int = 3,
        partitions: int = 1,
        helm: str = "helm",
    ) -> None:
        self.namespace, self.name, self.homes, self.partitions = namespace, name, homes, partitions
        self.prefix = f"{name}-pvsimulator"
        self.installed = Outcome(0, "")  # by the last install
        self._helm = helm
        self._values = _arguments(values)
        if file is not None:
            self._values = ["--values", str(CHART / "ci" / f"{file}-values.yaml"), *self._values]
        if os.environ.get("E2E_GRAFANA") == "no":
            self._values += ["--set", "monitoring.grafana.enabled=false"]
        if os.environ.get("E2E_VALUES"):
            self._values += ["--values", os.environ["E2E_VALUES"]]

    # --- helm ---

    def install(self) -> Outcome:
        """Install it and wait until all is ready."""
        self.installed = self._run("install", self.name, str(CHART), *self._values, "--wait", "--timeout", "5m")
        return self.installed

    def upgrade(self, *values: str) -> Outcome:
        """Upgrade it, with further values, and wait until all is ready."""
        arguments = [*self._values, *_arguments(values), "--wait", "--timeout", "5m"]
        return self._run("upgrade", self.name, str(CHART), *arguments)

    def rollback(self, revision: int) -> Outcome:
        """Go back to a revision and wait until all is ready."""
        return self._run("rollback", self.name, str(revision), "--wait", "--timeout", "5m")

    def uninstall(self) -> Outcome:
        """Uninstall it and wait until its pods are gone."""
        return self._run("uninstall", self.name, "--wait", "--timeout", "5m")

    def test(self) -> Outcome:
        """Run `helm test --logs`. Raises ClusterError where a test fails."""
        return self._run("test", self.name, "--logs", "--timeout", "5m")

    def _run(self, *words: str) -> Outcome:
        begin = time.monotonic()
        command = [self._helm, *words, "--namespace", self.namespace.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
        if done.returncode != 0:
            there = kubectl("get", "pods", namespace=self.namespace.name)
            warned = kubectl("get", "events", "--field-selector", "type=Warning", namespace=self.namespace.name)
            raise ClusterError(f"{' '.join(command)}: {done.stdout}{done.stderr}\n{there}\n{warned}")
        return Outcome(time.monotonic() - begin, done.stdout + done.stderr)

    # --- pods ---

    def pods(self, *components: str) -> list[Object]:
        """Its pods, or those of some components; never those of helm test."""
        selector = f"app.kubernetes.io/instance={self.name},app.kubernetes.io/component" + (
            f" in ({','.join(components)})" if components else "!=test"
        )
        return self.namespace.objects("pods", "--selector", selector)

    def restarts(self) -> dict[str, int]:
        """How often each container was started again."""
        return {
            f"{name_of(pod)}/{each['name']}": each["restartCount"]
            for pod in self.pods()
            for each in pod["status"].get("containerStatuses", [])
        }

    def replace_pod(self, name: str, *, kill: bool = False) -> None:
        """Delete a pod, or kill it without notice, and wait until another one of its name is ready."""
        before = self.namespace.object("pod", name)["metadata"]["uid"]
        kubectl(
            "delete", "pod", name, *(["--force", "--grace-period=0"] if kill else []), namespace=self.namespace.name
        )

        def another_is_ready() -> bool:
            return any(
                is_ready(pod) for pod in self.pods() if name_of(pod) == name and pod["metadata"]["uid"] != before
            )

        until(another_is_ready, timeout_s=240, every_s=0.5)

    # --- journal ---

    def journal(self, partition: int = 0) -> list[bytes]:
        """Each whole line of a partition's journal."""
        script = "cat $(ls /data/results-*.jsonl 2>/dev/null | sort) /data/results.jsonl"
        text = self._exec(partition, script)
        return text[: text.rfind("\n") + 1].encode().splitlines()

    def wait_for_records(self, since_ms: int | None = None, *, timeout_s: float = 180) -> None:
        """Wait until every site has a record of that instant or later; without one, of a later one than now."""
        wanted = _now_ms() if since_ms is None else since_ms
        until(lambda: self._oldest_news() >= wanted, timeout_s=timeout_s, every_s=1)

    def _oldest_news(self) -> int:
        """The instant [ms] that every site has a record of, or a later one; 0 where one has none."""
        newest = {f"home-{n}": 0 for n in range(1, self.homes + 1)}
        for partition in range(self.partitions):
            if not any(partition_of(site, self.partitions) == partition for site in newest):
                continue
            try:
                lines = self._exec(partition, f"tail -n {3 * self.homes} /data/results.jsonl").splitlines()[:-1]
            except ClusterError:
                return 0  # its pod is on its way
            for line in lines:
                record = json.loads(line)
                newest[record["site"]] = max(newest[record["site"]], parse_timestamp(record["timestamp"]))
        return min(newest.values())

    def _exec(self, partition: int, script: str) -> str:
        pod = f"{self.prefix}-pvsim-{partition}"
        return kubectl("exec", pod, "--container", "pvsim", "--", "sh", "-c", script, namespace=self.namespace.name)

    # --- metrics ---

    def query(self, promql: str) -> list[dict[str, Any]]:
        """The series that the bundled Prometheus answers."""
        with forwarded(self.namespace.name, f"service/{self.prefix}-prometheus", 9090) as address:
            return ask(address, promql)

    def metrics(self, pod: str, port: int) -> str:
        """The text of a pod's /metrics."""
        with forwarded(self.namespace.name, f"pod/{pod}", port) as address, _get(f"{address}/metrics") as response:
            return str(response.read().decode())


def ask(address: str, promql: str) -> list[dict[str, Any]]:
    """The series that the Prometheus at an address answers."""
    with _get(f"{address}/api/v1/query?{urllib.parse.urlencode({'query': promql})}") as response:
        answer: list[dict[str, Any]] = json.load(response)["data"]["result"]
    return answer


def _get(url: str) -> Any:  # noqa: ANN401 - urlopen's own return type
    return urllib.request.urlopen(url, timeout=10)


def _arguments(values: Sequence[str]) -> list[str]:
    return [word for value in values for word in ("--set", value)]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
