"""The formats of a data set by their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Protocol

from dataset.openmetrics import OpenMetrics
from dataset.parquet import Parquet
from dataset.powers import Powers
from dataset.records import CSV, JSONL
from dataset.tiles import Tile


class Format(Protocol):
    """What a file is made of: tiles, encoded wherever there is time, written in order."""

    @property
    def suffix(self) -> str:
        """The end of a file's name."""
        ...

    def tiles(self, homes: int, instants: range) -> Iterator[Tile]:
        """The tiles of a file, in its order."""
        ...

    def encode(self, tile: Tile, sites: Sequence[str], powers: Powers) -> bytes:
        """A tile of these sites, ready to be written."""
        ...

    def write(self, file: BinaryIO, tiles: Iterable[bytes], compress: str) -> None:
        """Write a whole file of encoded tiles."""
        ...


FORMATS: Mapping[str, Format] = {"jsonl": JSONL, "csv": CSV, "parquet": Parquet(), "openmetrics": OpenMetrics()}
