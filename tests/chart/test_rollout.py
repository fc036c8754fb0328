"""What makes pods start anew: a change of what they are told, and nothing else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chart.helm import CHART, Manifest, render
from tests.chart.manifests import lasting_pods

OWN_SECRET = ("--set", "rabbitmq.auth.existingSecret=mine")


def changed(before: list[Manifest], after: list[Manifest]) -> set[str]:
    """The components whose pods an upgrade would replace."""
    olds, news = ({pod.owner: pod for pod in lasting_pods(manifests)} for manifests in (before, after))
    assert olds.keys() == news.keys()
    return {new.labels["app.kubernetes.io/component"] for owner, new in news.items() if new != olds[owner]}


def changed_by(*values: str) -> set[str]:
    arguments = [word for value in values for word in ("--set", value)]
    return changed(render(*OWN_SECRET), render(*OWN_SECRET, *arguments))


@pytest.mark.parametrize(
    ("value", "components"),
    [
        ("meter.homes=5", {"meter"}),
        ("meter.speed=60", {"meter"}),
        ("pvsim.prefetch=500", {"pvsim"}),
        ("exporter.maxSiteSeries=10", {"pvsim"}),
        ("simulation.seed=7", {"meter", "pvsim"}),
        ("logLevel=debug", {"meter", "pvsim"}),
        ("pvsim.partitions=2", {"meter", "pvsim"}),
        ("meter.shards=2", {"meter"}),
        ("rabbitmq.extraConfig=log.console.level = warning", {"rabbitmq"}),
        ("monitoring.scrapeInterval=20s", {"prometheus", "grafana"}),
        ("monitoring.prometheus.retention=1d", {"prometheus"}),
        ("networkPolicy.enabled=false", set()),
        ("ingress.exporterHost=live.example", set()),
    ],
)
def test_a_changed_value_replaces_the_pods_that_it_is_for_and_no_others(value: str, components: set[str]) -> None:
    assert changed_by(value) == components


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the chart to change."""
    return Path(shutil.copytree(CHART, tmp_path / "helm"))


def with_another_rule(chart: Path) -> None:
    rules = chart / "rules" / "pvsim.rules.yaml"
    rules.write_text(rules.read_text() + "\n# another line\n")


def with_another_note(chart: Path) -> None:
    (chart / "templates" / "NOTES.txt").write_text("Another note.")


@pytest.mark.parametrize(
    ("edit", "components"), [(with_another_rule, {"prometheus"}), (with_another_note, set())], ids=["rule", "note"]
)
def test_an_edited_file_replaces_the_pods_that_read_it_at_their_start(
    copy: Path, edit: Callable[[Path], None], components: set[str]
) -> None:
    before = render(*OWN_SECRET, chart=CHART)

    edit(copy)

    assert changed(before, render(*OWN_SECRET, chart=copy)) == components


def test_a_generated_password_replaces_no_pod() -> None:
    assert (
        changed(render("--set", "rabbitmq.auth.password=one"), render("--set", "rabbitmq.auth.password=two")) == set()
    )
