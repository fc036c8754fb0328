"""In which pieces a data set is made: blocks of homes and instants, of a size that is the same on every machine."""

from collections.abc import Iterator
from typing import NamedTuple

READINGS = 2**18  # in a tile: small enough for memory and cache, large enough for what each tile costs besides
DAY_MS = 86_400_000


class Tile(NamedTuple):
    """Some homes, by where they stand among a shard's, at some instants [ms since 1970]."""

    rows: range
    instants: range
    column: str = ""  # where a file holds one column after the other: which one
    opens: bool = False  # whether it is the first of its column

    @property
    def size(self) -> int:
        """How many lines or rows it makes."""
        return len(self.rows) * len(self.instants)


def instants(start: int, end: int, interval_ms: int) -> range:
    """The whole multiples of the interval from the start on, before the end: instants that the services have too."""
    return range(-(-start // interval_ms) * interval_ms, end, interval_ms)


def by_day(all_instants: range) -> Iterator[range]:
    """The instants of each UTC day that has any."""
    for day in range(all_instants[0] // DAY_MS, all_instants[-1] // DAY_MS + 1):
        first, end = max(all_instants.start, day * DAY_MS), min(all_instants.stop, (day + 1) * DAY_MS)
        yield instants(first, end, all_instants.step)


def by_instant(homes: int, all_instants: range, *, most: int = READINGS) -> Iterator[Tile]:
    """Tiles that hold all homes at some instants, in the order of the journal."""
    step = max(1, most // homes)
    for at in range(0, len(all_instants), step):
        yield Tile(range(homes), all_instants[at : at + step])


def by_column(homes: int, all_instants: range, columns: tuple[str, ...], *, most: int = READINGS) -> Iterator[Tile]:
    """Tiles of a file that holds one column after the other, and in each column one home after the other."""
    rows = max(1, most // len(all_instants))
    for column in columns:
        for row in range(0, homes, rows):
            for at in range(0, len(all_instants), most):
                few = range(row, min(row + rows, homes))
                yield Tile(few, all_instants[at : at + most], column, opens=row == at == 0)
