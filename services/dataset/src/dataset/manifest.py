"""Which data set a directory holds, so that another is never mixed into it."""

import json
from pathlib import Path
from typing import Any

from dataset.files import opened

# With an underscore, since pyarrow, pandas, DuckDB and Spark read all files of a directory whose names begin otherwise.
MANIFEST = "_dataset.json"


class ManifestError(Exception):
    """The directory is no place for this data set; the text says why."""


def claim(directory: Path, description: dict[str, Any]) -> None:
    """Write the manifest at first; later make sure it says the same. Raises ManifestError, OSError."""
    path = directory / MANIFEST
    wanted = json.loads(json.dumps(description))
    found = _read(path)
    if found is None:
        with opened(path) as file:
            file.write(json.dumps(wanted, indent=2).encode() + b"\n")
    elif found != wanted:
        differences = [
            f"{name} is {found.get(name)!r} there but {wanted.get(name)!r} here"
            for name in wanted | found
            if found.get(name) != wanted.get(name)
        ]
        raise ManifestError(f"output: {directory} holds another data set: {'; '.join(differences)}")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ManifestError(f"output: {path}: {error}") from error
    if not isinstance(found, dict):
        raise ManifestError(f"output: {path} describes no data set")
    return found
