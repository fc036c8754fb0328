"""Write the JSON Schemas that kubeconform reads: of two Kubernetes versions, and of custom resources.

schemas.py WHEEL DIRECTORY CRD.yaml ...    WHEEL is kubernetes-validate's
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

LOWEST = "v1.28.0"  # what Chart.yaml's kubeVersion promises
STRICT = re.compile(r"kubernetes_validate/kubernetes-json-schema/(v[\d.]+)-local-strict/([^/]+\.json)")


def main(wheel: str, directory: str, *definitions: str) -> None:
    """Write DIRECTORY/<version>/<kind>-<group>-<version>.json for the lowest and newest version, and DIRECTORY/crds."""
    target = Path(directory)
    with ZipFile(wheel) as packed:
        found = [match for name in packed.namelist() if (match := STRICT.fullmatch(name))]
        newest = max((match[1] for match in found), key=numbers)
        for match in found:
            if match[1] in (LOWEST, newest):
                write(target / match[1] / match[2], local(packed.read(match[0]).decode()))
    for path in definitions:
        for name, schema in schemas_of(yaml.safe_load(Path(path).read_text())):
            write(target / "crds" / name, json.dumps(schema))


def numbers(version: str) -> tuple[int, ...]:
    """The numbers in a version's name."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def write(path: Path, text: str) -> None:
    """Write a file and the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def local(schema: str) -> str:
    """The schema without its name on the web, so that what it refers to is the file beside it."""
    named = json.loads(schema)
    named.pop("$id", None)
    return json.dumps(named).replace('"/api/_definitions.json#', '"_definitions.json#')


def schemas_of(definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and schema of each version of a CustomResourceDefinition."""
    spec = definition["spec"]
    group = spec["group"].partition(".")[0]
    for version in spec["versions"]:
        name = f"{spec['names']['kind'].lower()}-{group}-{version['name']}.json"
        schema = strict(version["schema"]["openAPIV3Schema"])
        schema["properties"]["metadata"] = {"type": "object"}
        yield name, schema


def strict(node: Any) -> Any:  # noqa: ANN401 - a schema is any JSON
    """The schema as the API server reads it: a field that is not named is refused, also below."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: strict(value) for key, value in node.items()}
    if isinstance(made.get("properties"), dict) and not node.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    if made.pop("x-kubernetes-int-or-string", None) is True:
        made.pop("type", None)
        made["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    return made


if __name__ == "__main__":
    main(*sys.argv[1:])
