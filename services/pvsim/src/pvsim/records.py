"""Records as columns, and as the journal's lines."""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from pvsim_common.messages import MAX_POWER_W, PowerRecord, encode_records, format_timestamp, parse_timestamp

Ints = NDArray[np.int64]
_TENTHS_PER_KILOWATT = 10_000


class Line(Protocol):
    """What a record is made of; the rest of its line follows from it."""

    @property
    def timestamp(self) -> str:
        """RFC 3339."""
        ...

    @property
    def site(self) -> str:
        """The home."""
        ...

    @property
    def meter(self) -> float:
        """What it draws [kW]."""
        ...

    @property
    def pv(self) -> float:
        """What its plant makes [kW]."""
        ...


class Records(NamedTuple):
    """Records in the order they are written; all columns have the same length."""

    sites: list[str]
    instants: Ints  # [ms since 1970]
    meter: Ints  # [tenths of a watt]
    pv: Ints  # [tenths of a watt]

    def power_records(self) -> list[PowerRecord]:
        """The same one by one; powers are added in tenths of a watt, so the sums are exact."""
        columns = (self.meter, self.pv, self.meter + self.pv, self.meter - self.pv)
        powers = ((column / _TENTHS_PER_KILOWATT).tolist() for column in columns)
        return list(map(PowerRecord, self._timestamps(), self.sites, *powers))

    def _timestamps(self) -> Iterator[str]:
        """The text of each instant, made once for neighbours that share it, as the readings of a message do."""
        begins = np.flatnonzero(np.diff(self.instants, prepend=-1))
        counts = np.diff(begins, append=len(self.instants))
        texts = map(format_timestamp, self.instants[begins].tolist())
        return chain.from_iterable(map(repeat, texts, counts.tolist()))

    def lines(self) -> bytes:
        """The journal's lines, each ended by a newline."""
        return encode_records(self.power_records())

    @property
    def last_timestamp(self) -> str | None:
        """Timestamp of the last record; None where there is none."""
        return format_timestamp(int(self.instants[-1])) if self.sites else None


def records_of(lines: Sequence[Line]) -> Records:
    """The records that lines of the journal are. Raises ValueError where an instant or a power is out of bounds."""
    instants = {timestamp: parse_timestamp(timestamp) for timestamp in {line.timestamp for line in lines}}
    powers_kw = np.array([[line.meter for line in lines], [line.pv for line in lines]])
    if not ((powers_kw >= 0) & (powers_kw <= MAX_POWER_W / 1000)).all():
        raise ValueError("a power is out of bounds")
    meter, pv = np.rint(powers_kw * _TENTHS_PER_KILOWATT).astype(np.int64)
    column = np.array([instants[line.timestamp] for line in lines], dtype=np.int64)
    return Records([line.site for line in lines], column, meter, pv)
