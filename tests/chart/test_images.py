"""Every image has a tag of its own or a digest."""

import re

import yaml
from tests.chart.helm import CHART, Manifest, render
from tests.chart.manifests import containers, of_kind
from tests.chart.test_values import places, values_of

DIGEST = "sha256:" + "0123456789abcdef" * 4


def images(manifests: list[Manifest]) -> dict[str, str]:
    """The image of each container; of a custom resource too, where it names one."""
    found = {name: container["image"] for name, _, container in containers(manifests)}
    for cluster in of_kind(manifests, "RabbitmqCluster"):
        found["RabbitmqCluster"] = cluster["spec"].get("image", "operator:default")
    return found


def test_no_image_is_without_a_tag_or_latest(manifests: list[Manifest]) -> None:
    for name, image in images(manifests).items():
        assert re.fullmatch(r"[a-z0-9./_-]+(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})", image), name
        assert not image.endswith(":latest"), name


def test_our_images_have_the_tag_of_the_charts_app_version(default: list[Manifest]) -> None:
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]

    ours = {image for image in images(default).values() if image.startswith("pvsimulator/")}

    assert ours == {f"pvsimulator/{service}:{version}" for service in ("meter", "pvsim", "exporter")}


def test_a_digest_wins_over_the_tag() -> None:
    prefixes = {CHART: (), CHART / "charts" / "rabbitmq": ("rabbitmq",)}
    digests = {
        (*prefix, *place): value
        for chart, prefix in prefixes.items()
        for place, value in places(values_of(chart))
        if place[-1] == "digest"
    }

    pinned = render(*(word for place in digests for word in ("--set", f"{'.'.join(place)}={DIGEST}")))

    assert len(digests) >= 4
    assert {image.partition("@")[2] for image in images(pinned).values()} == {DIGEST}


def test_a_registry_of_ones_own_is_put_before_every_image() -> None:
    mirrored = render("--set", "global.imageRegistry=mirror.example/cache")

    assert [image for image in images(mirrored).values() if not image.startswith("mirror.example/cache/")] == []


def test_images_that_are_there_are_not_pulled(manifests: list[Manifest]) -> None:
    assert {container.get("imagePullPolicy") for _, _, container in containers(manifests)} == {"IfNotPresent"}
