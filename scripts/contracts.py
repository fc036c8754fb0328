"""Write the JSON Schemas of the two messages to docs/contracts, or to the directory given: make contracts."""

import json
import sys
from pathlib import Path

import msgspec

from pvsim_common.messages import MESSAGE_TYPE, MeterReadings, PowerRecord

DIRECTORY = Path(__file__).parents[1] / "docs" / "contracts"
SCHEMAS: dict[str, type[msgspec.Struct]] = {MESSAGE_TYPE: MeterReadings, "power-record": PowerRecord}


def main() -> None:
    """Write each schema to <name>.schema.json."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DIRECTORY
    for name, struct in SCHEMAS.items():
        (directory / f"{name}.schema.json").write_text(schema_text(struct))


def schema_text(struct: type[msgspec.Struct]) -> str:
    """The JSON Schema of a struct, as the text of a file."""
    _, components = msgspec.json.schema_components([struct])
    (schema,) = components.values()
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2) + "\n"


if __name__ == "__main__":
    main()
