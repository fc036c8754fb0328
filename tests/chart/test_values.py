"""Values are checked before anything is installed: a misspelt name, a wrong type or an impossible choice is refused."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.chart.helm import CHART, template

from pvsim_common.places import PLACES

CHARTS = [CHART, *(path.parent for path in CHART.glob("charts/*/Chart.yaml"))]
BROKERS = ("rabbitmq.enabled", "rabbitmqCluster.enabled", "externalRabbitmq.enabled")
WRONG = {bool: "yes", int: "many", float: "much", str: [], list: "one", dict: "one"}

each_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda path: path.name)


def values_of(chart: Path) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((chart / "values.yaml").read_text())
    return values


def accepted(chart: Path, values: dict[str, Any]) -> bool:
    schema = json.loads((chart / "values.schema.json").read_text())
    return jsonschema.validators.validator_for(schema)(schema).is_valid(values)


def places(values: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value with the names that lead to it."""
    for name, value in values.items():
        yield (*above, name), value
        if isinstance(value, dict):
            yield from places(value, (*above, name))


def changed(values: dict[str, Any], place: tuple[str, ...], value: object) -> dict[str, Any]:
    made = copy.deepcopy(values)
    at = made
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    return made


@each_chart
def test_a_name_that_is_no_value_is_refused_wherever_it_stands(chart: Path) -> None:
    values = values_of(chart)
    mappings = [(), *(place for place, value in places(values) if isinstance(value, dict) and value)]
    mappings.remove(("global",)) if ("global",) in mappings else None

    taken = [".".join(place) for place in mappings if accepted(chart, changed(values, (*place, "misspelt"), 1))]

    assert accepted(chart, values)
    assert taken == []


@each_chart
def test_a_value_of_another_type_is_refused(chart: Path) -> None:
    values = values_of(chart)

    taken = [
        ".".join(place)
        for place, value in places(values)
        if value is not None and accepted(chart, changed(values, place, WRONG[type(value)]))
    ]

    assert taken == []


@pytest.mark.parametrize(
    "value", ["misspelt=1", "meter.misspelt=1", "rabbitmq.misspelt=1", "rabbitmq.auth.misspelt=1", "meter.homes=many"]
)
def test_helm_refuses_such_values_too(value: str) -> None:
    assert template("--set", value).returncode != 0


def test_a_global_value_of_another_chart_passes() -> None:
    assert template("--set", "global.x=1").returncode == 0


@pytest.mark.parametrize(
    "enabled",
    [
        {"rabbitmq.enabled": "false"},
        {"rabbitmqCluster.enabled": "true"},
        {"externalRabbitmq.enabled": "true", "externalRabbitmq.existingSecret": "mine"},
    ],
    ids=["none", "two", "two others"],
)
def test_not_exactly_one_broker_is_refused_with_the_names_of_all_three_values(enabled: dict[str, str]) -> None:
    refused = template("--set", ",".join(f"{name}={value}" for name, value in enabled.items()))

    assert refused.returncode != 0
    assert [name for name in BROKERS if name not in refused.stderr] == []


@pytest.mark.parametrize("replicas", [0, 2, 4])
def test_a_number_of_nodes_that_cannot_outvote_another_is_refused(replicas: int) -> None:
    refused = template("--set", f"rabbitmq.replicas={replicas}")

    assert refused.returncode != 0
    assert "replicas" in refused.stderr


@pytest.mark.parametrize("value", ["pvsim.partitions=0", "meter.shards=0", "meter.shards=4,meter.homes=3"])
def test_impossible_numbers_of_partitions_and_shards_are_refused(value: str) -> None:
    assert template("--set", value).returncode != 0


@pytest.mark.parametrize(
    "value", ["pvsim.segmentSize=64Mi", "pvsim.retentionSize=much", "pvsim.retentionAge=0", "pvsim.prefetchBytes=64m"]
)
def test_sizes_and_ages_that_pvsim_would_not_take_are_refused(value: str) -> None:
    refused = template("--set", value)

    assert refused.returncode != 0
    assert value.partition("=")[0].partition(".")[2] in refused.stderr


def test_every_value_is_explained_and_there_are_few() -> None:
    for chart in CHARTS:
        lines = (chart / "values.yaml").read_text().splitlines()
        unexplained = [
            line.strip()
            for before, line in zip(["", *lines], lines, strict=False)
            if ":" in line
            and not line.strip().startswith(("#", "-"))
            and not line.rstrip().endswith(":")
            and "#" not in line
            and not before.strip().startswith("#")
        ]
        assert unexplained == []
        assert len(lines) <= 220


def test_the_places_of_the_schema_are_those_that_the_services_know() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())

    assert schema["properties"]["simulation"]["properties"]["place"]["enum"] == list(PLACES)
