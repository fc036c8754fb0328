"""Parquet: the journal's columns with their types and units, written from arrays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from dataset.powers import COLUMNS, Powers
from dataset.tiles import Tile, by_instant

_TENTHS_PER_KILOWATT = 10_000
_MEANINGS: Mapping[str, str] = {
    "timestamp": "Instant, UTC.",
    "site": "Name of the home.",
    "meter": "Power the home draws, a whole number of watts.",
    "pv": "Power its PV plant delivers, a whole number of tenths of a watt.",
    "total_power": "meter + pv.",
    "net_power": "meter - pv; positive: drawn from the grid.",
}


class Parquet:
    """A format with a row for each reading, in the order of the journal, and a row group for each tile."""

    suffix = "parquet"

    def tiles(self, homes: int, instants: range) -> Iterator[Tile]:
        """The tiles of a file, in its order."""
        return by_instant(homes, instants)

    def encode(self, tile: Tile, sites: Sequence[str], powers: Powers) -> bytes:
        """The rows of a tile as an Arrow stream, which is what goes quickly from one process to another."""
        kilowatts = [pa.array(powers.by_instant(name) / _TENTHS_PER_KILOWATT) for name in COLUMNS]
        instants = np.arange(tile.instants.start, tile.instants.stop, tile.instants.step)
        moments = np.repeat(instants.astype("datetime64[ms]"), len(sites))
        indexes = np.tile(np.arange(len(sites), dtype=np.int32), len(tile.instants))
        site = pa.DictionaryArray.from_arrays(indexes, pa.array(sites, pa.string()))
        columns = [pa.array(moments).cast(pa.timestamp("ms", "UTC")), site, *kilowatts]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema()) as stream:
            stream.write_batch(pa.record_batch(columns, schema=schema()))
        return bytes(sink.getvalue())

    def write(self, file: BinaryIO, tiles: Iterable[bytes], compress: str) -> None:
        """Write a whole file of encoded tiles; none, zstd and gzip are how its pages are compressed."""
        with ParquetWriter(file, schema(), compression=compress) as writer:
            for tile in tiles:
                with pa.ipc.open_stream(tile) as stream:
                    writer.write_batch(stream.read_next_batch())


def schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    """Names and types of the columns; unit and meaning are in the metadata of each."""
    types = {"timestamp": pa.timestamp("ms", "UTC"), "site": pa.dictionary(pa.int32(), pa.string())}
    fields = [
        pa.field(
            name,
            types.get(name, pa.float64()),
            nullable=False,
            metadata={"description": meaning} | ({"unit": "kW"} if name in COLUMNS else {}),
        )
        for name, meaning in _MEANINGS.items()
    ]
    return pa.schema(fields)
