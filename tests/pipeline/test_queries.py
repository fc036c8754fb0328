"""Every query that we ship is asked of a real Prometheus that scrapes real services and a real broker: it has data."""

import re
import urllib.request
from collections.abc import Callable, Iterator

import pika
import pytest
from tests.pipeline import promql
from tests.pipeline.chain import launching, ports_of, remove_queues

from pvsim_local.ports import LOOPBACK
from pvsim_local.prometheus import PrometheusServer
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.waiting import until

# Four instants a second, at simulated noon for hours, so that there is PV power however long the tests take.
RUN = {"start": "2026-06-21T10:00:00Z", "interval_s": 1, "speed": 4, "homes": 3}

# What is rightly empty while all is well, and must not be any more after one bad message.
EMPTY_WHILE_WELL = {
    name: "no alert is pending or firing" for name in promql.dashboard_queries() if ": Pending and firing " in name
}


@pytest.fixture(scope="module")
def prometheus(
    node: RabbitNode, tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]
) -> Iterator[PrometheusServer]:
    """A Prometheus with our rules that scrapes a running chain and its broker; one for all queries."""
    require_tool("prometheus")
    remove_queues(node)
    directory = tmp_path_factory.mktemp("watched")
    with launching(node, directory) as service:
        # A kibibyte is full within a second, so that there are closed segments and a checkpoint to ask for.
        services = {"pvsim": service("pvsim", segment_size="1KiB").start(), "exporter": service("exporter").start()}
        services["meter"] = service("meter", **RUN).start()
        targets = ports_of(services, node)
        with PrometheusServer(
            directory / "prometheus", targets, scrape_interval_s=0.5, rule_files=[promql.RULES]
        ) as server:
            until(lambda: len(server.query("up == 1")) == len(targets))
            yield server


def each(queries: dict[str, str]) -> pytest.MarkDecorator:
    """One test for each query."""
    return pytest.mark.parametrize("query", queries.values(), ids=queries.keys())


@each({name: query for name, query in promql.dashboard_queries().items() if name not in EMPTY_WHILE_WELL})
def test_a_dashboards_query_returns_numbers(prometheus: PrometheusServer, query: str) -> None:
    until(lambda: promql.returns_data(prometheus, query))


@each(promql.variable_queries())
def test_a_dashboards_variable_has_something_to_choose(prometheus: PrometheusServer, query: str) -> None:
    until(lambda: promql.returns_data(prometheus, query))


@each(promql.documented_queries())
def test_a_documented_query_returns_numbers(prometheus: PrometheusServer, query: str) -> None:
    until(lambda: promql.returns_data(prometheus, query))


def test_at_least_fifteen_queries_are_documented_and_none_is_left_out() -> None:
    assert len(promql.documented_queries()) >= 15
    assert len(promql.documented_queries()) == promql.QUERIES.read_text().count("```promql")


@each({name: name for name in promql.rules("record")})
def test_a_recorded_series_has_numbers(prometheus: PrometheusServer, query: str) -> None:
    until(lambda: promql.returns_data(prometheus, query))


@each(promql.rules("alert"))
def test_an_alert_looks_at_series_that_exist(prometheus: PrometheusServer, query: str) -> None:
    """What an alert asks for has no result while all is well, but each of its selectors has."""
    assert promql.selectors(query)

    until(lambda: all(prometheus.query(selector) for selector in promql.selectors(query)))


def test_prometheus_evaluates_every_rule(prometheus: PrometheusServer) -> None:
    until(lambda: {rule["health"] for rule in prometheus.rules()} == {"ok"})

    assert {rule["name"] for rule in prometheus.rules()} == {*promql.rules("record"), *promql.rules("alert")}


@pytest.mark.usefixtures("prometheus")  # while a chain runs, all that RabbitMQ can tell is there
def test_every_name_of_rabbitmqs_in_a_query_is_exposed_by_a_real_node(node: RabbitNode) -> None:
    with urllib.request.urlopen(f"http://{LOOPBACK}:{node.identity.prometheus_port}/metrics", timeout=10) as answer:
        exposed = set(re.findall(r"\brabbitmq_\w+", answer.read().decode()))
    queries = [*promql.dashboard_queries().values(), *promql.documented_queries().values()]
    queries += promql.rules("alert").values()
    used = {name for query in queries for name in re.findall(r"\brabbitmq_\w+", re.sub(r'"[^"]*"', "", query))}

    assert len(used) > 10
    assert used - exposed == set()


def test_what_is_empty_while_all_is_well_has_data_after_a_bad_message(
    prometheus: PrometheusServer, node: RabbitNode
) -> None:
    queries = [query for name, query in promql.dashboard_queries().items() if name in EMPTY_WHILE_WELL]
    before = [prometheus.query(query) for query in queries]

    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("", "readings.0", b"not a message")

    assert before == [[]] * len(EMPTY_WHILE_WELL) != []
    until(lambda: all(promql.returns_data(prometheus, query) for query in queries))
