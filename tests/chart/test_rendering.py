"""The chart lints, packages and renders to manifests that the lowest supported Kubernetes takes, and the newest."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.chart.helm import CHART, SCHEMAS, Manifest, helm, render, text
from tests.chart.manifests import of_kind

VERSIONS = sorted((path.name for path in SCHEMAS.glob("v*")), key=lambda name: int(name.split(".")[1]))


def conformed(manifests: str, version: str) -> dict[str, int]:
    """How many manifests of each outcome kubeconform finds; what is wrong with them goes to stdout."""
    name = "{{ .ResourceKind }}{{ .KindSuffix }}.json"
    places = [f"{SCHEMAS}/{{{{ .NormalizedKubernetesVersion }}}}/{name}", f"{SCHEMAS}/crds/{name}"]
    command = [
        "kubeconform",
        "-strict",
        "-summary",
        "-output",
        "json",
        "-kubernetes-version",
        version.removeprefix("v"),
    ]
    locations = [word for place in places for word in ("-schema-location", place)]
    checked = subprocess.run([*command, *locations], input=manifests, capture_output=True, text=True, check=False)
    print(checked.stdout, checked.stderr)  # noqa: T201 - pytest shows it where the test fails
    summary: dict[str, int] = json.loads(checked.stdout)["summary"]
    return summary


def test_there_are_schemas_of_the_lowest_version_that_the_chart_promises_and_of_a_newer_one() -> None:
    lowest, newest = VERSIONS

    chart = helm("show", "chart", CHART).stdout
    assert f'kubeVersion: ">={lowest.removeprefix("v")}-0"'.replace('"', "") in chart.replace('"', "").replace("'", "")
    assert int(newest.split(".")[1]) > int(lowest.split(".")[1])


def test_lint_has_nothing_to_say(values_file: Path) -> None:
    linted = helm("lint", CHART, "--strict", "--values", values_file)

    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "[WARNING]" not in linted.stdout


def test_the_dependencies_are_in_the_chart() -> None:
    about = yaml.safe_load((CHART / "Chart.yaml").read_text())

    listed = helm("dependency", "list", CHART)

    assert [name for name in about["dependencies"] if "repository" in name] == []
    lines = [line.split() for line in listed.stdout.splitlines()[1:] if line.strip()]
    assert [(words[0], words[-1]) for words in lines] == [("rabbitmq", "unpacked")]


def test_the_chart_packages_without_the_network(tmp_path: Path) -> None:
    packaged = helm("package", CHART, "--destination", tmp_path)

    assert packaged.returncode == 0, packaged.stderr
    [archive] = tmp_path.iterdir()
    assert render(chart=archive) != []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_conforms_to_its_schema(values_file: Path, version: str) -> None:
    arguments = ("--values", values_file, "--kube-version", version)

    summary = conformed(text(*arguments), version)

    assert summary == {"valid": len(render(*arguments)), "invalid": 0, "errors": 0, "skipped": 0}


@pytest.mark.parametrize(
    ("values", "kind"),
    [("kps", "ServiceMonitor"), ("kps", "PrometheusRule"), ("operator", "RabbitmqCluster")],
)
def test_a_misspelt_field_of_a_custom_resource_is_found(values: str, kind: str) -> None:
    manifests = render("--values", CHART / "ci" / f"{values}-values.yaml")
    resources = of_kind(manifests, kind)
    assert resources

    for resource in resources:
        resource["spec"]["misspelt"] = 1
    summary = conformed("\n---\n".join(json.dumps(resource) for resource in resources), VERSIONS[-1])

    assert summary == {"valid": 0, "invalid": len(resources), "errors": 0, "skipped": 0}


def test_two_renders_with_a_secret_of_ones_own_are_the_same() -> None:
    arguments = ("--set", "rabbitmq.auth.existingSecret=mine")

    first, second = (helm("template", "pvsim", CHART, *arguments).stdout for _ in range(2))

    assert first
    assert first == second


def test_nothing_that_bundled_monitoring_needs_remains_where_there_is_a_prometheus_already() -> None:
    manifests: list[Manifest] = render("--values", CHART / "ci" / "kps-values.yaml")

    assert [
        m["metadata"]["name"]
        for m in of_kind(manifests, "Deployment", "StatefulSet", "Service")
        if "grafana" in m["metadata"]["name"] or "prometheus" in m["metadata"]["name"]
    ] == []
