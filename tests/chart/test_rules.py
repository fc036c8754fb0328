"""Rules and scrape configuration: promtool takes them, every copy is the file, and every metric exists."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.chart.helm import CHART, ROOT, Manifest, render
from tests.chart.manifests import named, of_kind

RULES = CHART / "rules" / "pvsim.rules.yaml"
RULE_TESTS = sorted((ROOT / "tests" / "chart" / "rules").glob("*.yaml"))
GOLDENS = sorted((ROOT / "tests" / "pipeline" / "golden").glob("*.metrics.txt"))


@pytest.fixture(scope="session")
def promtool(require_tool: Callable[[str], None]) -> Callable[..., str]:
    """Runs promtool, which must be content, and gives what it says."""
    require_tool("promtool")

    def run(*arguments: object) -> str:
        words = ["promtool", *(str(argument) for argument in arguments)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_promtool_has_nothing_to_say_of_the_rules(promtool: Callable[..., str]) -> None:
    assert "SUCCESS" in promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)


def test_the_rules_do_what_their_tests_say(promtool: Callable[..., str]) -> None:
    for path in RULE_TESTS:
        assert "SUCCESS" in promtool("test", "rules", path)


def test_the_prometheus_rule_is_the_file() -> None:
    [rule] = of_kind(render("--values", CHART / "ci" / "kps-values.yaml"), "PrometheusRule")

    assert rule["spec"] == yaml.safe_load(RULES.read_text())


def test_the_bundled_prometheus_reads_the_same_file(default: list[Manifest]) -> None:
    mounted = named(default, "ConfigMap", "-prometheus")["data"]["pvsim.rules.yaml"]

    assert mounted.rstrip("\n") == RULES.read_text().rstrip("\n")


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("rabbitmq.enabled=false", "rabbitmqCluster.enabled=true"),
        ("rabbitmq.enabled=false", "externalRabbitmq.enabled=true", "externalRabbitmq.existingSecret=mine"),
    ],
    ids=["own broker", "operator", "external"],
)
def test_promtool_takes_the_bundled_configuration(
    promtool: Callable[..., str], tmp_path: Path, values: tuple[str, ...]
) -> None:
    manifests = render(*(word for value in values for word in ("--set", value)))
    for name, content in named(manifests, "ConfigMap", "-prometheus")["data"].items():
        (tmp_path / name).write_text(content)

    said = promtool("check", "config", "--lint=all", "--lint-fatal", tmp_path / "prometheus.yml")

    assert "1 rule files found" in said


def test_the_jobs_have_the_same_names_everywhere(default: list[Manifest]) -> None:
    config = yaml.safe_load(named(default, "ConfigMap", "-prometheus")["data"]["prometheus.yml"])
    monitors = of_kind(render("--values", CHART / "ci" / "kps-values.yaml"), "ServiceMonitor")

    bundled = {job["job_name"] for job in config["scrape_configs"]}
    by_operator = {monitor["metadata"]["labels"][monitor["spec"]["jobLabel"]] for monitor in monitors}

    assert bundled == {"meter", "pvsim", "exporter", "rabbitmq"}
    assert by_operator == bundled


def test_every_rule_uses_metrics_that_exist() -> None:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    recorded = {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}

    for group in groups:
        for rule in group["rules"]:
            assert own_metrics(rule["expr"]) - exposed_metrics() - recorded == set(), rule


def test_every_alert_says_how_bad_it_is_what_it_means_and_what_to_do() -> None:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                assert rule["labels"]["severity"] in ("critical", "warning", "info"), rule
                assert {"summary", "description", "runbook_url"} <= rule["annotations"].keys(), rule


def exposed_metrics() -> set[str]:
    """The series that our services expose, as their golden files have them."""
    lines = [line for path in GOLDENS for line in path.read_text().splitlines() if not line.startswith("#")]
    return {re.split(r"[{ ]", line)[0] for line in lines}


def own_metrics(expression: str) -> set[str]:
    """Our metrics that an expression names: ours alone have the prefix."""
    return set(re.findall(r"\bpvsim_\w+", re.sub(r'"[^"]*"', "", expression)))
