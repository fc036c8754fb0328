"""A line of text for each record: JSON, byte for byte the journal of pvsim, or CSV with the same numbers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np

from dataset.compression import write_text
from dataset.powers import COLUMNS, Powers
from dataset.text import Bytes, decimals, lines, timestamps
from dataset.tiles import Tile, by_instant

_PLACES = 4  # a tenth of a watt in kilowatts


class Records(NamedTuple):
    """A format with a line for each reading, instant by instant: what stands before, between and after its values."""

    suffix: str
    head: bytes
    between: tuple[bytes, ...]

    def tiles(self, homes: int, instants: range) -> Iterator[Tile]:
        """The tiles of a file, in its order."""
        return by_instant(homes, instants)

    def encode(self, tile: Tile, sites: Sequence[str], powers: Powers) -> bytes:
        """The lines of a tile."""
        first, second, *others, last = self.between
        moments = np.repeat(timestamps(tile.instants), len(sites))
        names = np.tile(np.array(sites, dtype=np.bytes_), len(tile.instants))
        columns: list[bytes | Bytes] = [first, moments, second, names]
        for name, before in zip(COLUMNS, others, strict=True):
            columns += [before, *decimals(powers.by_instant(name), _PLACES)]
        return lines(tile.size, *columns, last)

    def write(self, file: BinaryIO, tiles: Iterable[bytes], compress: str) -> None:
        """Write a whole file of encoded tiles."""
        write_text(file, [self.head], tiles, compress=compress)


JSONL = Records(
    "jsonl",
    b"",
    (
        b'{"timestamp":"',
        b'","site":"',
        b'","meter":',
        b',"pv":',
        b',"total_power":',
        b',"net_power":',
        b"}\n",
    ),
)
CSV = Records("csv", b"timestamp,site,meter,pv,total_power,net_power\n", (b"", *[b","] * 5, b"\n"))
