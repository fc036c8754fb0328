"""The JSON Schemas in docs/contracts say what the decoder does, and the examples there are valid."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from pvsim_common.messages import InvalidMessageError, PowerRecord, decode_readings

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "docs" / "contracts"
READINGS_SCHEMA, RECORD_SCHEMA = "meter-readings.v1.schema.json", "power-record.schema.json"
SEVENTY_CHARACTERS = "x" * 70

GOOD: dict[str, Any] = {
    "timestamp": "2026-06-21T10:00:00Z",
    "interval_s": 1.0,
    "sites": ["home-1", "home-2"],
    "power_w": [432, 1187],
}


def message(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value, right or wrong
    """The good message with some fields changed; None leaves one out."""
    return {name: value for name, value in (GOOD | changes).items() if value is not None}


TAKEN = {
    "whole seconds in UTC": message(),
    "milliseconds": message(timestamp="2026-06-21T10:00:00.125Z"),
    "an offset": message(timestamp="2026-06-21T12:00:00+02:00"),
    "an interval without a point": message(interval_s=60),
    "the shortest interval": message(interval_s=0.01),
    "any characters a site may have": message(sites=["a.b_c-9", "0"]),
    "the greatest power": message(power_w=[0, 1_000_000]),
    "as many sites as there may be": message(sites=[f"s{n}" for n in range(10_000)], power_w=[1] * 10_000),
}
REFUSED = {
    "no object": [GOOD],
    "nothing": None,
    "no timestamp": message(timestamp=None),
    "an instant as a number": message(timestamp=1_782_036_000),
    "no offset": message(timestamp="2026-06-21T10:00:00"),
    "a space for the T": message(timestamp="2026-06-21 10:00:00Z"),
    "microseconds": message(timestamp="2026-06-21T10:00:00.000125Z"),
    "an hour too many": message(timestamp="2026-06-21T24:00:00Z"),
    "a date alone": message(timestamp="2026-06-21"),
    "no interval": message(interval_s=None),
    "an interval that is too short": message(interval_s=0.001),
    "an interval that is too long": message(interval_s=3601),
    "an interval as text": message(interval_s="1s"),
    "no sites": message(sites=[]),
    "a site twice": message(sites=["home-1", "home-1"]),
    "a capital letter": message(sites=["home-1", "Home-2"]),
    "an empty name": message(sites=["home-1", ""]),
    "a name that is too long": message(sites=["home-1", SEVENTY_CHARACTERS]),
    "a newline at the end of a name": message(sites=["home-1", "home-2\n"]),
    "a name with a slash": message(sites=["home-1", "a/b"]),
    "a site as a number": message(sites=["home-1", 2]),
    "one site too many": message(sites=[f"s{n}" for n in range(10_001)], power_w=[1] * 10_001),
    "power below zero": message(power_w=[432, -1]),
    "half a watt": message(power_w=[432, 0.5]),
    "too much power": message(power_w=[432, 1_000_001]),
    "power as text": message(power_w=[432, "1187"]),
    "power as a truth value": message(power_w=[432, True]),
    "no power": message(power_w=[]),
    "a field nobody knows": message(pv=[1, 2]),
}
ONLY_THE_DECODER_REFUSES = {
    "more sites than powers": message(power_w=[432]),
    "a day that does not exist": message(timestamp="2026-02-30T10:00:00Z"),
    "an instant before 1970": message(timestamp="1969-12-31T23:59:59Z"),
    "an instant after 2199": message(timestamp="2200-01-01T00:00:00Z"),
    "an interval of broken milliseconds": message(interval_s=0.0105),
    "whole watts with a point": message(power_w=[432.0, 1187]),
}


def cases(examples: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("example", examples.values(), ids=examples.keys())


def schema_takes(name: str, example: object) -> bool:
    schema = json.loads((CONTRACTS / name).read_text())
    return bool(Draft202012Validator(schema).is_valid(example))


def decoder_takes(example: object) -> bool:
    try:
        decode_readings(json.dumps(example).encode())
    except InvalidMessageError:
        return False
    return True


def examples_in_the_readme() -> list[dict[str, Any]]:
    blocks = re.findall(r"```json\n(.*?)```", (CONTRACTS / "README.md").read_text(), re.DOTALL)
    return [json.loads(block) for block in blocks]


def test_the_committed_schemas_are_made_from_the_structs(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "contracts.py", tmp_path], check=True)

    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_text() for path in CONTRACTS.glob("*.schema.json")}
    assert made == committed, "run `make contracts`"


@pytest.mark.parametrize("name", [READINGS_SCHEMA, RECORD_SCHEMA])
def test_a_schema_is_one_itself(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((CONTRACTS / name).read_text()))


@cases(TAKEN)
def test_schema_and_decoder_both_take(example: object) -> None:
    assert (schema_takes(READINGS_SCHEMA, example), decoder_takes(example)) == (True, True)


@cases(REFUSED)
def test_schema_and_decoder_both_refuse(example: object) -> None:
    assert (schema_takes(READINGS_SCHEMA, example), decoder_takes(example)) == (False, False)


@cases(ONLY_THE_DECODER_REFUSES)
def test_no_schema_can_say_but_the_decoder_refuses(example: object) -> None:
    assert (schema_takes(READINGS_SCHEMA, example), decoder_takes(example)) == (True, False)


def test_the_readme_shows_a_message_and_a_journal_line_that_are_valid() -> None:
    readings, record = examples_in_the_readme()

    assert schema_takes(READINGS_SCHEMA, readings)
    assert decoder_takes(readings)
    assert schema_takes(RECORD_SCHEMA, record)
    assert msgspec.to_builtins(msgspec.convert(record, PowerRecord)) == record


@pytest.mark.parametrize("field", ["timestamp", "site", "meter", "pv", "total_power", "net_power"])
def test_a_journal_line_without_one_of_its_fields_is_refused(field: str) -> None:
    _, record = examples_in_the_readme()
    del record[field]

    assert not schema_takes(RECORD_SCHEMA, record)


def test_the_readme_of_the_contracts_explains_every_field() -> None:
    text = (CONTRACTS / "README.md").read_text()

    for name in (READINGS_SCHEMA, RECORD_SCHEMA):
        for field in json.loads((CONTRACTS / name).read_text())["properties"]:
            assert f"| `{field}` |" in text
