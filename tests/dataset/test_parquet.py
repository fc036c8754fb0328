"""Parquet has the journal's columns with types and units, and other tools read a directory of it."""

import json

import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from tests.dataset.conftest import Make

OPTIONS = ["--start=2026-06-20T22:00:00Z", "--end=2026-06-22T02:00:00Z", "--interval=10min", "--homes=3"]


def test_columns_have_types_units_and_meanings(make: Make) -> None:
    schema = pa.parquet.read_schema(make("a.parquet", *OPTIONS))

    assert {field.name: str(field.type) for field in schema} == {
        "timestamp": "timestamp[ms, tz=UTC]",
        "site": "dictionary<values=string, indices=int32, ordered=0>",
        "meter": "double",
        "pv": "double",
        "total_power": "double",
        "net_power": "double",
    }
    assert [field.metadata.get(b"unit") for field in schema] == [None, None, b"kW", b"kW", b"kW", b"kW"]
    assert all(field.metadata[b"description"].endswith(b".") for field in schema)


def test_rows_are_the_records_of_the_journal_in_its_order(make: Make) -> None:
    records = [json.loads(line) for line in make("a.jsonl", *OPTIONS).read_text().splitlines()]

    rows = pa.parquet.read_table(make("a.parquet", *OPTIONS)).to_pylist()

    assert [row | {"timestamp": row["timestamp"].strftime("%Y-%m-%dT%H:%M:%SZ")} for row in rows] == records


def test_the_same_recipe_gives_the_same_bytes(make: Make) -> None:
    assert make("a.parquet", *OPTIONS).read_bytes() == make("b.parquet", *OPTIONS).read_bytes()


def test_a_directory_is_read_as_a_whole_with_its_days(make: Make) -> None:
    directory = make("days/", "--format=parquet", *OPTIONS)

    table = pa.dataset.dataset(directory, format="parquet", partitioning="hive").to_table()
    frame = pd.read_parquet(directory)

    assert set(table["date"].to_pylist()) == {"2026-06-20", "2026-06-21", "2026-06-22"}
    assert table.num_rows == len(frame) == 28 * 6 * 3
