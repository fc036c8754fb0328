"""OpenMetrics text with the exporter's metrics and a timestamp for each sample, as promtool makes blocks from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

import numpy as np

from dataset.compression import write_text
from dataset.powers import Powers
from dataset.text import Bytes, decimals, lines
from dataset.tiles import Tile, by_column

_FAMILIES: Mapping[str, tuple[str, str]] = {  # as the exporter calls and explains them
    "meter": ("pvsim_meter_power_watts", "Power drawn by a site [W]."),
    "pv": ("pvsim_pv_power_watts", "PV power of a site [W]."),
    "net_power": (
        "pvsim_net_power_watts",
        "Power taken from the grid by a site, negative where fed into it [W].",
    ),
}
_PLACES = 1  # a tenth of a watt


class OpenMetrics:
    """A format with a line for each power of each reading: family by family, site by site, in order of time."""

    suffix = "txt"

    def tiles(self, homes: int, instants: range) -> Iterator[Tile]:
        """The tiles of a file, in its order: the samples of a family stand together, and those of a site in it."""
        return by_column(homes, instants, tuple(_FAMILIES))

    def encode(self, tile: Tile, sites: Sequence[str], powers: Powers) -> bytes:
        """The samples of a tile."""
        name, text = _FAMILIES[tile.column]
        about = f"# TYPE {name} gauge\n# UNIT {name} watts\n# HELP {name} {text}\n" if tile.opens else ""
        names = np.repeat(np.array(sites, dtype=np.bytes_), len(tile.instants))
        values = decimals(powers.column(tile.column).reshape(-1), _PLACES)
        moments = np.tile(_timestamps(tile), len(sites))
        before = f'{name}{{site="'.encode()
        return about.encode() + lines(tile.size, before, names, b'"} ', *values, b" ", moments, b"\n")

    def write(self, file: BinaryIO, tiles: Iterable[bytes], compress: str) -> None:
        """Write a whole file of encoded tiles."""
        write_text(file, tiles, [b"# EOF\n"], compress=compress)


def _timestamps(tile: Tile) -> Bytes:
    """Seconds since 1970, with milliseconds only where there are any."""
    return np.array([f"{instant / 1000:.3f}".rstrip("0").rstrip(".") for instant in tile.instants], dtype=np.bytes_)
