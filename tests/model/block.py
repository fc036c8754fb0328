"""Lines of the journal as arrays: sites × instants."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Line(msgspec.Struct, gc=False):
    """What the statistics need of a line, in kilowatts."""

    timestamp: str
    site: str
    meter: float
    pv: float


class Block(NamedTuple):
    """The readings of some sites at some instants, all of them at all instants."""

    sites: list[str]
    instants: Ints  # [ms since 1970]
    load: Floats  # [sites, instants], in watts
    pv: Floats  # the same

    @property
    def interval_s(self) -> float:
        """Time between two readings of a site [s]."""
        return float(self.instants[1] - self.instants[0]) / 1000

    def of(self, first: int, count: int) -> "Block":
        """A part of the instants."""
        part = slice(first, first + count)
        return Block(self.sites, self.instants[part], self.load[:, part], self.pv[:, part])


def read_block(path: Path) -> Block:
    """The block that a file of journal lines holds, instant by instant. Raises ValueError where it holds none."""
    return block_of(msgspec.json.Decoder(Line).decode_lines(path.read_bytes()))


def block_of(lines: list[Line]) -> Block:
    """The block of lines that come instant by instant. Raises ValueError where a line is missing or out of place."""
    sites = list(dict.fromkeys(line.site for line in lines))
    count = len(lines) // len(sites)
    timestamps = [line.timestamp for line in lines[:: len(sites)]]
    if [line.site for line in lines] != sites * count:
        raise ValueError("the sites do not come in the same order at each instant")
    if any(line.timestamp != timestamps[number // len(sites)] for number, line in enumerate(lines)):
        raise ValueError("the instants of the sites differ")
    meter, pv = (np.array([getattr(line, name) for line in lines]).reshape(count, -1).T for name in ("meter", "pv"))
    return Block(sites, instants_of(timestamps), np.rint(meter * 1000), np.rint(pv * 10_000) / 10)


def stacked(blocks: Sequence[Block]) -> Block:
    """Blocks of the same instants as one, with the rows of all."""
    load, pv = (np.vstack([getattr(block, name) for block in blocks]) for name in ("load", "pv"))
    return Block([site for block in blocks for site in block.sites], blocks[0].instants, load, pv)


def instants_of(timestamps: list[str]) -> Ints:
    """Milliseconds since 1970 of texts such as 2026-06-21T10:00:00Z."""
    return np.array([text.removesuffix("Z") for text in timestamps], dtype="datetime64[ms]").astype(np.int64)
