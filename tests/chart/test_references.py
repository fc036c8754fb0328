"""Whatever a manifest refers to is there: pods of selectors, ports, Services, ConfigMaps, Secrets, claims."""

from collections.abc import Iterator
from typing import Any

from tests.chart.helm import Manifest, render
from tests.chart.manifests import Pod, identity, lasting_pods, matches, of_kind, pods

OPERATORS_SERVICE = {"amqp": 5672, "management": 15672, "prometheus": 15692}  # what the cluster operator makes


def operators_pods(manifests: list[Manifest]) -> list[Pod]:
    """The pods that the RabbitMQ cluster operator makes of a RabbitmqCluster, with the labels it gives them."""
    made = []
    for cluster in of_kind(manifests, "RabbitmqCluster"):
        labels = {
            "app.kubernetes.io/name": cluster["metadata"]["name"],
            "app.kubernetes.io/component": "rabbitmq",
            "app.kubernetes.io/part-of": "rabbitmq",
        }
        ports = [{"name": name, "containerPort": port} for name, port in OPERATORS_SERVICE.items()]
        made.append(Pod(identity(cluster), {"labels": labels}, {"containers": [{"ports": ports}]}, {}))
    return made


def all_pods(manifests: list[Manifest]) -> list[Pod]:
    return [*pods(manifests), *operators_pods(manifests)]


def selected(selector: dict[str, Any], manifests: list[Manifest]) -> list[Pod]:
    return [pod for pod in all_pods(manifests) if matches(selector, pod.labels)]


def test_every_service_has_pods_with_the_ports_it_names(manifests: list[Manifest]) -> None:
    assert of_kind(manifests, "Service")
    for service in of_kind(manifests, "Service"):
        behind = selected(service["spec"]["selector"], manifests)
        assert len(behind) == 1, identity(service)
        for port in service["spec"]["ports"]:
            assert port["targetPort"] in behind[0].ports, f"{identity(service)} {port}"


def test_a_headless_service_has_the_ports_of_its_pods(manifests: list[Manifest]) -> None:
    for service in of_kind(manifests, "Service"):
        if service["spec"].get("clusterIP") == "None":
            [pod] = selected(service["spec"]["selector"], manifests)
            assert {port["targetPort"]: port["port"] for port in service["spec"]["ports"]}.items() <= pod.ports.items()


def test_every_selector_of_a_workload_matches_its_own_pods_alone(manifests: list[Manifest]) -> None:
    for workload in of_kind(manifests, "Deployment", "StatefulSet"):
        found = [pod.owner for pod in selected(workload["spec"]["selector"], manifests)]
        assert found == [identity(workload)]


def test_every_disruption_budget_guards_the_pods_of_one_workload(manifests: list[Manifest]) -> None:
    for budget in of_kind(manifests, "PodDisruptionBudget"):
        assert len(selected(budget["spec"]["selector"], manifests)) == 1, identity(budget)


def test_every_pod_spreads_from_pods_like_itself(manifests: list[Manifest]) -> None:
    for pod in lasting_pods(manifests):
        for constraint in pod.spec["topologySpreadConstraints"]:
            assert matches(constraint["labelSelector"], pod.labels), pod.owner


def test_every_stateful_set_has_its_governing_service(manifests: list[Manifest]) -> None:
    services = {service["metadata"]["name"]: service for service in of_kind(manifests, "Service")}

    for workload in of_kind(manifests, "StatefulSet"):
        service = services[workload["spec"]["serviceName"]]
        assert matches(service["spec"]["selector"], workload["spec"]["template"]["metadata"]["labels"])


def test_every_service_monitor_finds_one_service_with_the_port_it_names(manifests: list[Manifest]) -> None:
    for monitor in of_kind(manifests, "ServiceMonitor"):
        selector = monitor["spec"]["selector"]
        found = [
            {port["name"] for port in service["spec"]["ports"]}
            for service in of_kind(manifests, "Service")
            if matches(selector, service["metadata"]["labels"])
        ]
        found += [set(pod.ports) for pod in operators_pods(manifests) if matches(selector, pod.labels)]
        for endpoint in monitor["spec"]["endpoints"]:
            assert len([ports for ports in found if endpoint["port"] in ports]) == 1, identity(monitor)


def test_every_probe_asks_a_port_of_its_container(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        for container in pod.containers:
            ports = {port["name"] for port in container.get("ports", [])}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                for way in ("httpGet", "tcpSocket"):
                    if way in container.get(probe, {}):
                        assert container[probe][way]["port"] in ports, f"{pod.owner} {probe}"


def references(pod: Pod) -> Iterator[tuple[str, str, str | None]]:
    """Kind, name and key of each ConfigMap and Secret that a pod uses; None for the whole."""
    for container in pod.containers:
        for source in container.get("envFrom", []):
            for kind, reference in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                if reference in source:
                    yield kind, source[reference]["name"], None
        for variable in container.get("env", []):
            for kind, reference in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
                if reference in variable.get("valueFrom", {}):
                    used = variable["valueFrom"][reference]
                    yield kind, used["name"], used["key"]
        for mount in container.get("volumeMounts", []):
            volume = pod.volume(mount["name"])
            if "configMap" in volume:
                yield "ConfigMap", volume["configMap"]["name"], mount.get("subPath")
    for volume in pod.spec.get("volumes", []):
        if "secret" in volume:
            for item in volume["secret"].get("items", [{"key": None}]):
                yield "Secret", volume["secret"]["secretName"], item["key"]


def test_every_config_map_and_every_secret_of_the_chart_that_a_pod_uses_is_there(default: list[Manifest]) -> None:
    holds = {identity(m): set(m.get("data", {})) for m in of_kind(default, "ConfigMap", "Secret")}

    used = [(pod.owner, f"{kind}/{name}", key) for pod in pods(default) for kind, name, key in references(pod)]

    assert used
    assert [use for use in used if use[1] not in holds or (use[2] is not None and use[2] not in holds[use[1]])] == []


def test_every_config_map_of_the_chart_is_there_and_used_in_every_mode(manifests: list[Manifest]) -> None:
    there = {m["metadata"]["name"] for m in of_kind(manifests, "ConfigMap")}
    labelled = {
        m["metadata"]["name"] for m in of_kind(manifests, "ConfigMap") if "grafana_dashboard" in m["metadata"]["labels"]
    }

    used = {name for pod in pods(manifests) for kind, name, _ in references(pod) if kind == "ConfigMap"}

    assert used <= there
    assert there - used <= labelled  # for somebody else's Grafana


def test_every_mount_has_a_volume_and_every_volume_is_mounted(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        volumes = {volume["name"] for volume in pod.spec.get("volumes", [])} | pod.claims.keys()
        mounted = {mount["name"] for container in pod.containers for mount in container.get("volumeMounts", [])}
        assert mounted == volumes, pod.owner


def test_every_host_of_the_ingress_leads_to_a_port_of_a_service() -> None:
    hosts = ("ingress.grafanaHost=grafana.example", "ingress.exporterHost=live.example")
    manifests = render(*(word for host in hosts for word in ("--set", host)))
    ports = {m["metadata"]["name"]: {p["name"] for p in m["spec"]["ports"]} for m in of_kind(manifests, "Service")}

    [ingress] = of_kind(manifests, "Ingress")

    backends = [path["backend"]["service"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert len(backends) == 2
    for backend in backends:
        assert backend["port"]["name"] in ports[backend["name"]]


def test_there_is_no_ingress_unless_asked_for(default: list[Manifest]) -> None:
    assert of_kind(default, "Ingress") == []
