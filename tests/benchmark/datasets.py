"""Data sets as dataset writes them with one worker, by their formats."""

import json
from pathlib import Path

from pyarrow.parquet import ParquetFile
from tests.benchmark import expected
from tests.benchmark.ground import Child
from tests.benchmark.load import FIRST, START, Load
from tests.benchmark.results import Written

from pvsim_common.messages import format_timestamp

SUFFIXES = {"JSONL": "jsonl", "JSONL, zstd": "jsonl.zst", "CSV": "csv", "Parquet": "parquet"}


def written(directory: Path, name: str, load: Load) -> Written:
    """Write the same readings as the chain does. Raises RuntimeError where the file is not what it should be."""
    path = directory / f"powers.{SUFFIXES[name]}"
    arguments = {
        "start": START,
        "end": format_timestamp(FIRST + 1000 * load.instants),
        "interval": 1,
        "homes": load.homes,
        "workers": 1,
        "log-level": "warning",
        "output": path,
    }
    with Child("dataset_in_parts", *(f"--{key}={value}" for key, value in arguments.items())) as child:
        told = json.loads(child.line())
    _check(path, load)
    return Written(format=name, rows=load.readings, bytes=path.stat().st_size, **told)


def _check(path: Path, load: Load) -> None:
    """JSON lines are computed again, in other formats the rows counted."""
    if ".jsonl" in path.suffixes:
        expected.check_files([path], load)
        return
    rows = ParquetFile(path).metadata.num_rows if path.suffix == ".parquet" else path.read_bytes().count(b"\n") - 1
    if rows != load.readings:
        raise RuntimeError(f"{path.name} has {rows} rows instead of {load.readings}")
