"""compose.yaml runs what the chart runs, closed to other machines, with what the repository has."""

import re
from typing import Any

import pytest
from tests.images.files import CHART, ROOT, SETTINGS, VERSION, load, stages, variables

COMPOSE = load("compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

each_service = pytest.mark.parametrize("service", SETTINGS)


def mounts(name: str) -> list[list[str]]:
    return [mount.split(":") for mount in SERVICES[name].get("volumes", [])]


def image(values: dict[str, str]) -> str:
    return f"{values['repository']}:{values['tag']}"


def test_versions_are_those_of_the_chart() -> None:
    monitoring = load("deploy/helm/values.yaml")["monitoring"]
    rabbitmq = load("deploy/helm/charts/rabbitmq/values.yaml")

    assert SERVICES["broker"]["image"] == image(rabbitmq["image"])
    assert SERVICES["prometheus"]["image"] == image(monitoring["prometheus"]["image"])
    assert SERVICES["grafana"]["image"] == image(monitoring["grafana"]["image"])
    assert f"--storage.tsdb.retention.time={monitoring['prometheus']['retention']}" in SERVICES["prometheus"]["command"]


@each_service
def test_our_images_are_built_here_with_the_projects_version(service: str) -> None:
    build = SERVICES[service]["build"]

    assert SERVICES[service]["image"] == f"pvsimulator/{service}:{VERSION}"
    assert build == {"context": ".", "target": service, "args": {"VERSION": VERSION}}
    assert service in stages()


@pytest.mark.parametrize("name", SERVICES)
def test_no_port_is_open_to_other_machines(name: str) -> None:
    assert [port for port in SERVICES[name].get("ports", []) if not port.startswith("127.0.0.1:")] == []
    assert "network_mode" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_ends_is_started_again_and_its_health_is_known(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert "healthcheck" in SERVICES[name] or stages()[name].arguments("HEALTHCHECK")


@each_service
def test_our_services_can_change_nothing_but_their_volume(service: str) -> None:
    limits = {key: SERVICES[service][key] for key in ("read_only", "cap_drop", "security_opt")}

    assert limits == {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}


@each_service
def test_every_variable_of_a_service_is_one_of_its_settings(service: str) -> None:
    assert SERVICES[service].get("environment", {}).keys() - variables(service) == set()


def test_grafana_is_at_port_80_unless_another_is_asked_for() -> None:
    assert SERVICES["grafana"]["ports"] == ["127.0.0.1:${GRAFANA_PORT:-80}:3000"]


def test_the_password_can_be_chosen_and_is_no_argument() -> None:
    password = "${RABBITMQ_PASSWORD:-only-on-this-machine}"
    login = SERVICES["broker"]["environment"]

    assert login["RABBITMQ_DEFAULT_PASS"] == password
    assert login["RABBITMQ_DEFAULT_USER"] != "guest"
    for service in ("meter", "pvsim"):
        url = SERVICES[service]["environment"][f"{service.upper()}_BROKER_URL"]
        assert url == f"amqp://{login['RABBITMQ_DEFAULT_USER']}:{password}@broker:5672/"
    arguments = [
        SERVICES[name].get(key) for name in SERVICES for key in ("command", "entrypoint", "build", "healthcheck")
    ]
    assert "PASSWORD" not in str(arguments)


def test_everything_that_is_mounted_is_there() -> None:
    for name in SERVICES:
        for source, *_ in mounts(name):
            assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], source


def test_only_pvsim_writes_the_journal() -> None:
    assert ["journal", "/data"] in mounts("pvsim")
    assert mounts("exporter") == [["journal", "/data", "ro"]]


def test_prometheus_scrapes_each_service_at_its_port() -> None:
    jobs = {
        job["job_name"]: job["static_configs"][0] for job in load("deploy/compose/prometheus.yml")["scrape_configs"]
    }

    for service, settings in SETTINGS.items():
        assert jobs[service]["targets"] == [f"{service}:{settings.model_fields['http_port'].default}"]
    assert jobs["rabbitmq"]["targets"] == ["broker:15692"]
    assert {job["labels"]["namespace"] for job in jobs.values()} == {"compose"}


def test_prometheus_names_its_jobs_as_in_the_chart() -> None:
    template = (CHART / "templates" / "monitoring" / "_configs.tpl").read_text()
    jobs = {job["job_name"] for job in load("deploy/compose/prometheus.yml")["scrape_configs"]}

    assert {name for name in jobs if f'(list "{name}"' in template} == {*SETTINGS, "rabbitmq"}


def test_prometheus_reads_the_rules_of_the_chart() -> None:
    rules = next(target for source, target, *_ in mounts("prometheus") if source == "./deploy/helm/rules")
    patterns = load("deploy/compose/prometheus.yml")["rule_files"]

    assert [f"/etc/prometheus/{pattern}" for pattern in patterns] == [f"{rules}/*.yaml"]
    assert list((CHART / "rules").glob("*.yaml"))


def test_grafana_shows_the_dashboards_of_the_chart_to_anybody() -> None:
    directory = next(target for source, target, *_ in mounts("grafana") if source == "./deploy/helm/dashboards")
    environment = SERVICES["grafana"]["environment"]
    home = environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    provider, *_ = load("deploy/compose/grafana/dashboards/files.yaml")["providers"]

    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert provider["options"]["path"] == directory
    assert home == f"{directory}/energy.json"
    assert (CHART / "dashboards" / "energy.json").exists()


def test_grafana_asks_prometheus_as_in_the_chart() -> None:
    [datasource] = load("deploy/compose/grafana/datasources/prometheus.yaml")["datasources"]
    template = (CHART / "templates" / "monitoring" / "_configs.tpl").read_text()

    assert datasource["url"] == "http://prometheus:9090"
    assert re.search(rf"uid: {datasource['uid']}$", template, re.MULTILINE)
    assert datasource["jsonData"]["timeInterval"] == load("deploy/compose/prometheus.yml")["global"]["scrape_interval"]
