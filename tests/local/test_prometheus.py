"""A private Prometheus: it scrapes, answers and leaves nothing."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from pvsim_local.marks import marked
from pvsim_local.ports import LOOPBACK, free_port
from pvsim_local.prometheus import PrometheusError, PrometheusServer

RULES = """
groups:
  - name: tests
    rules:
      - alert: Answered
        expr: answer == 42
"""


def test_a_value_that_is_served_can_be_asked_for_with_its_job_and_namespace_and_be_a_reason_for_an_alert(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("prometheus")
    registry = CollectorRegistry()
    Gauge("answer", "A number.", registry=registry).set(42)
    port = free_port()
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES)
    server, thread = start_http_server(port, LOOPBACK, registry)

    with PrometheusServer(tmp_path, {"exporter": port}, scrape_interval_s=0.2, rule_files=[rules]) as prometheus:
        deadline = time.monotonic() + 30
        while not (result := prometheus.query("answer")):
            assert time.monotonic() < deadline
        while [rule["state"] for rule in prometheus.rules()] != ["firing"]:
            assert time.monotonic() < deadline
        with pytest.raises(PrometheusError, match="parse error"):
            prometheus.query("answer(")

    server.shutdown()
    server.server_close()
    thread.join()
    assert result[0]["metric"]["job"] == "exporter"
    assert result[0]["metric"]["namespace"] == "local"
    assert result[0]["value"][1] == "42"
    assert marked(tmp_path) == []
