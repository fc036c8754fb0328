"""Network policies: every pod is closed in both directions but for what it needs, and what it needs is open."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.chart.helm import Manifest, render
from tests.chart.manifests import Pod, identity, lasting_pods, matches, of_kind
from tests.chart.test_references import all_pods, operators_pods, selected

DNS = {(53, "UDP"), (53, "TCP")}


@pytest.fixture
def manifests(values_file: Path) -> list[Manifest]:
    """What the chart renders to with each values file, policies on."""
    return render("--values", values_file, "--set", "networkPolicy.enabled=true")


class Rule(NamedTuple):
    """One direction of a policy, as Kubernetes reads it."""

    peers: list[dict[str, Any]] | None  # None: anybody
    ports: list[dict[str, Any]] | None


def rules(pod: Pod, direction: str, manifests: list[Manifest]) -> list[Rule]:
    """What the policies that select a pod allow in a direction."""
    key, peers = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}[direction]
    return [
        Rule(rule.get(peers), rule.get("ports"))
        for policy in of_kind(manifests, "NetworkPolicy")
        if matches(policy["spec"]["podSelector"], pod.labels) and direction in policy["spec"]["policyTypes"]
        for rule in policy["spec"].get(key) or []
    ]


def allows(rule: Rule, peer: Pod, target: Pod, port: int) -> bool:
    """Whether a rule lets a peer through, to or from, given the pod whose port it is."""
    right_peer = rule.peers is None or any(
        "namespaceSelector" not in each and matches(each.get("podSelector", {"none": "none"}), peer.labels)
        for each in rule.peers
    )
    numbers = [target.ports.get(str(each["port"]), each["port"]) for each in rule.ports or []]
    return right_peer and (rule.ports is None or port in numbers)


def can_reach(source: Pod, target: Pod, port: int, manifests: list[Manifest]) -> bool:
    out = any(allows(rule, target, target, port) for rule in rules(source, "Egress", manifests))
    return out and (
        target.owner.startswith("RabbitmqCluster")
        or any(allows(rule, source, target, port) for rule in rules(target, "Ingress", manifests))
    )


def pod_of(manifests: list[Manifest], component: str) -> Pod:
    [found] = [pod for pod in all_pods(manifests) if pod.labels["app.kubernetes.io/component"] == component]
    return found


def test_every_pod_is_closed_by_default_in_both_directions(manifests: list[Manifest]) -> None:
    for pod in lasting_pods(manifests):
        closing = [
            policy
            for policy in of_kind(manifests, "NetworkPolicy")
            if matches(policy["spec"]["podSelector"], pod.labels)
            and set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        ]
        assert closing, pod.owner


def test_every_policy_selects_pods_of_the_chart_and_names_ports_that_they_have(manifests: list[Manifest]) -> None:
    for policy in of_kind(manifests, "NetworkPolicy"):
        behind = selected(policy["spec"]["podSelector"], manifests)
        assert len({pod.labels["app.kubernetes.io/component"] for pod in behind}) == 1, identity(policy)
        for rule in policy["spec"].get("ingress") or []:
            assert rule.get("from"), f"{identity(policy)} lets anybody in"
            for port in rule.get("ports", []):
                a_range = "endPort" in port  # of the nodes' tools, which listen only while they work
                assert a_range or port["port"] in behind[0].ports, f"{identity(policy)} {port}"


def test_every_peer_without_a_namespace_is_a_pod_of_the_chart(default: list[Manifest]) -> None:
    for policy in of_kind(default, "NetworkPolicy"):
        all_rules = [*(policy["spec"].get("ingress") or []), *(policy["spec"].get("egress") or [])]
        for peer in [peer for rule in all_rules for peer in [*rule.get("from", []), *rule.get("to", [])]]:
            if peer.keys() == {"podSelector"}:
                assert selected(peer["podSelector"], default), f"{identity(policy)} {peer}"


@pytest.mark.parametrize("component", ["meter", "pvsim"])
def test_meter_and_pvsim_reach_the_broker(manifests: list[Manifest], component: str) -> None:
    if not [pod for pod in all_pods(manifests) if pod.labels["app.kubernetes.io/component"] == "rabbitmq"]:
        assert any(rule.peers is None for rule in rules(pod_of(manifests, component), "Egress", manifests))
    else:
        assert can_reach(pod_of(manifests, component), pod_of(manifests, "rabbitmq"), 5672, manifests)


def test_only_its_clients_reach_the_broker(default: list[Manifest]) -> None:
    broker = pod_of(default, "rabbitmq")

    clients = {
        pod.labels["app.kubernetes.io/component"] for pod in all_pods(default) if can_reach(pod, broker, 5672, default)
    }

    assert clients == {"meter", "pvsim", "test"}


def test_nodes_of_the_broker_reach_each_other_and_nobody_else_their_ports(default: list[Manifest]) -> None:
    broker = pod_of(default, "rabbitmq")

    for port in (4369, 25672):
        reaching = [pod.owner for pod in all_pods(default) if can_reach(pod, broker, port, default)]
        assert reaching == [broker.owner]


def test_prometheus_reaches_all_it_scrapes_and_grafana_reaches_prometheus(default: list[Manifest]) -> None:
    prometheus = pod_of(default, "prometheus")

    assert can_reach(prometheus, pod_of(default, "meter"), 8081, default)
    assert can_reach(prometheus, pod_of(default, "pvsim"), 8082, default)
    assert can_reach(prometheus, pod_of(default, "pvsim"), 8080, default)
    assert can_reach(prometheus, pod_of(default, "rabbitmq"), 15692, default)
    assert can_reach(pod_of(default, "grafana"), prometheus, 9090, default)
    assert not can_reach(pod_of(default, "meter"), prometheus, 9090, default)


def test_the_bundled_prometheus_reaches_the_nodes_that_the_operator_makes() -> None:
    manifests = render("--set", "rabbitmq.enabled=false,rabbitmqCluster.enabled=true")

    assert can_reach(pod_of(manifests, "prometheus"), operators_pods(manifests)[0], 15692, manifests)


def test_every_pod_may_ask_for_names_and_most_may_not_leave_the_cluster(default: list[Manifest]) -> None:
    for pod in lasting_pods(default):
        anywhere = {
            (port["port"], port["protocol"])
            for rule in rules(pod, "Egress", default)
            if rule.peers is None
            for port in rule.ports or [{"port": "any", "protocol": "any"}]
        }
        assert anywhere == DNS, pod.owner


def test_a_prometheus_elsewhere_is_let_in_where_the_values_say_so() -> None:
    who = '[{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]'
    manifests = render("--set", "monitoring.bundled.enabled=false", "--set-json", f"networkPolicy.scrapeFrom={who}")

    for component, ports in (("meter", {"http"}), ("pvsim", {"http", "exporter"}), ("rabbitmq", {"prometheus"})):
        open_to_them = {
            port["port"]
            for rule in rules(pod_of(manifests, component), "Ingress", manifests)
            if any("namespaceSelector" in peer for peer in rule.peers or [])
            for port in rule.ports or []
        }
        assert open_to_them == ports


def test_there_are_no_policies_where_they_are_switched_off() -> None:
    assert of_kind(render("--set", "networkPolicy.enabled=false"), "NetworkPolicy") == []
