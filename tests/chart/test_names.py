"""Names and labels: recommended, short enough, of one release alone, and the same after an upgrade."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.chart.helm import CHART, RELEASE, Manifest, render
from tests.chart.manifests import identity, lasting_pods, of_kind, pods

RECOMMENDED = {f"app.kubernetes.io/{name}" for name in ("name", "instance", "component", "part-of", "managed-by")}
OF_A_VERSION = {"app.kubernetes.io/version", "helm.sh/chart"}
LONG_RELEASE = "a" * 53


def labels_of_selectors(manifest: Manifest) -> list[dict[str, Any]]:
    """The labels of each selector in a manifest, and those of its claim templates."""
    found = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "matchLabels" or (key == "selector" and manifest["kind"] == "Service"):
                    found.append(value)
                walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(manifest.get("spec", {}))
    templates = manifest.get("spec", {}).get("volumeClaimTemplates", [])
    return [*found, *(template["metadata"].get("labels", {}) for template in templates)]


def lasting(manifests: list[Manifest]) -> dict[str, Any]:
    """What an upgrade cannot change: selectors, the names of governing services, claim templates."""
    return {
        identity(manifest): (
            labels_of_selectors(manifest),
            manifest["spec"].get("serviceName"),
            manifest["spec"].get("volumeClaimTemplates"),
        )
        for manifest in of_kind(manifests, "Deployment", "StatefulSet", "Service", "PodDisruptionBudget")
    }


def test_everything_has_the_recommended_labels(manifests: list[Manifest]) -> None:
    wanted = RECOMMENDED | OF_A_VERSION

    lacking = {identity(each): wanted - each["metadata"].get("labels", {}).keys() for each in manifests}
    assert {name: missing for name, missing in lacking.items() if missing} == {}


def test_every_pod_has_the_recommended_labels(manifests: list[Manifest]) -> None:
    assert {pod.owner: missing for pod in pods(manifests) if (missing := RECOMMENDED - pod.labels.keys())} == {}


def test_no_selector_and_no_claim_names_a_version(manifests: list[Manifest]) -> None:
    naming = [
        identity(manifest)
        for manifest in manifests
        if any(OF_A_VERSION & labels.keys() for labels in labels_of_selectors(manifest))
    ]

    assert naming == []


def test_a_new_version_changes_nothing_that_an_upgrade_cannot_change(tmp_path: Path, values_file: Path) -> None:
    newer = Path(shutil.copytree(CHART, tmp_path / "helm"))
    about = yaml.safe_load((newer / "Chart.yaml").read_text())
    (newer / "Chart.yaml").write_text(yaml.safe_dump(about | {"version": "9.8.7", "appVersion": "9.8.7"}))

    before, after = (render("--values", values_file, chart=chart) for chart in (CHART, newer))

    assert lasting(after) == lasting(before)
    assert [pod.metadata for pod in lasting_pods(after)] != [pod.metadata for pod in lasting_pods(before)]


def test_two_releases_in_one_namespace_share_no_name(values_file: Path) -> None:
    first, second = (
        {identity(manifest) for manifest in render("--values", values_file, release=release)}
        for release in (RELEASE, f"{RELEASE}2")
    )

    assert first & second == set()


@pytest.mark.parametrize("release", [LONG_RELEASE, "with.dots", "p"])
def test_names_stay_valid_whatever_the_release_is_called(release: str, values_file: Path) -> None:
    for manifest in render("--values", values_file, release=release):
        name = manifest["metadata"]["name"]
        longest = 52 if manifest["kind"] == "StatefulSet" else 63
        assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name), name
        assert len(name) <= longest, name
        values = [*manifest["metadata"].get("labels", {}).values()]
        assert [value for value in values if not re.fullmatch(r"([A-Za-z0-9]([\w.-]*[A-Za-z0-9])?)?", value)] == []
        assert [value for value in values if len(value) > 63] == []


def test_two_releases_with_long_names_that_begin_alike_share_no_name() -> None:
    first, second = ({identity(manifest) for manifest in render(release=LONG_RELEASE[:-1] + end)} for end in ("b", "c"))

    assert first & second == set()


def test_names_begin_with_release_and_chart(default: list[Manifest]) -> None:
    names = {manifest["metadata"]["name"] for manifest in default}

    assert [name for name in names if not name.startswith(f"{RELEASE}-pvsimulator-")] == []
