"""Rules and scrape configuration: promtool takes them, every copy is the file, and every metric exists."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.chart.helm import CHART, ROOT, Manifest, render
from tests.chart.manifests import named, of_kind

RULES = CHART / "rules" / "pvsim.rules.yaml"
RUNBOOKS = ROOT / "docs" / "operations.md"
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


@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_an_alert_does_what_its_tests_say(promtool: Callable[..., str], path: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", path)


def test_every_alert_has_a_file_of_tests() -> None:
    assert [path.stem for path in RULE_TESTS] == sorted(alerts())


@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_every_alert_is_seen_firing_silent_and_about_to_fire(path: Path) -> None:
    name = path.stem
    cases = yaml.safe_load(path.read_text())["tests"]

    assert any(fires(test) for case in cases for test in said_of(case, name)), "never fires"
    assert any(said_of(case, name) and not any(map(fires, said_of(case, name))) for case in cases), "no silent case"
    if "for" in alerts()[name]:
        assert any(seen_pending(case, name) for case in cases), "not seen before `for` is over"


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


def test_every_recorded_series_is_asked_for_somewhere() -> None:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    asking = [ROOT / "docs" / "queries.md", *(CHART / "dashboards").glob("*.json")]
    asked = "".join(path.read_text() for path in asking)

    assert [rule["record"] for group in groups for rule in group["rules"] if rule.get("record", "") not in asked] == []


@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_the_tests_of_an_alert_are_about_metrics_that_exist(path: Path) -> None:
    for case in yaml.safe_load(path.read_text())["tests"]:
        for series in case["input_series"]:
            assert own_metrics(series["series"]) - exposed_metrics() == set(), series


def test_every_alert_says_how_bad_it_is_what_it_means_and_what_to_do() -> None:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                assert rule["labels"]["severity"] in ("critical", "warning", "info"), rule
                assert {"summary", "description", "runbook_url"} <= rule["annotations"].keys(), rule


def test_every_alert_has_a_runbook_and_its_address_leads_there() -> None:
    text = RUNBOOKS.read_text()
    section = text.partition("\n## When an alert fires\n")[2].partition("\n## ")[0]
    headings = re.findall(r"^### (.+)$", section, re.MULTILINE)

    assert sorted(headings) == sorted(alerts())
    for name, rule in alerts().items():
        assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{name.lower()}"
        assert anchors(text).count(name.lower()) == 1


def test_every_link_within_the_runbooks_leads_somewhere() -> None:
    text = RUNBOOKS.read_text()

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - set(anchors(text)) == set()


def alerts() -> dict[str, Any]:
    """The alerting rules by name."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


def said_of(case: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What a case of promtool's says of an alert."""
    return [test for test in case.get("alert_rule_test", []) if test["alertname"] == name]


def fires(test: dict[str, Any]) -> bool:
    """Whether the alert shall fire at that time."""
    return bool(test["exp_alerts"])


def seen_pending(case: dict[str, Any], name: str) -> bool:
    """Whether the case sees a moment in which the alert is true and does not fire, because `for` is not over."""
    silent = {test["eval_time"] for test in said_of(case, name) if not fires(test)}
    pending = f'ALERTS{{alertname="{name}", alertstate="pending"'
    tests = case.get("promql_expr_test", [])
    return any(
        test["expr"].startswith(pending) and test["eval_time"] in silent and test["exp_samples"] for test in tests
    )


def anchors(text: str) -> list[str]:
    """The anchors of a Markdown page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]


def exposed_metrics() -> set[str]:
    """The series that our services expose, as their golden files have them; a gauge may have no value as yet."""
    lines = [line for path in GOLDENS for line in path.read_text().splitlines()]
    valued = {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}
    return valued | {line.split()[2] for line in lines if re.fullmatch(r"# TYPE \w+ gauge", line)}


def own_metrics(expression: str) -> set[str]:
    """Our metrics that an expression names: ours alone have the prefix."""
    return set(re.findall(r"\bpvsim_\w+", re.sub(r'"[^"]*"', "", expression)))
