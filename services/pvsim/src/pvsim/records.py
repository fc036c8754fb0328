"""Records of a batch as columns, and as the journal's lines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim_common.messages import PowerRecord, encode_records, format_timestamp

Ints = NDArray[np.int64]
_TENTHS_PER_KILOWATT = 10_000


class Records(NamedTuple):
    """Records in the order they are written; all columns have the same length."""

    sites: list[str]
    instants: Ints  # [ms since 1970]
    meter: Ints  # [tenths of a watt]
    pv: Ints  # [tenths of a watt]

    def power_records(self) -> list[PowerRecord]:
        """The same one by one; powers are added in tenths of a watt, so the sums are exact."""
        instants, positions = np.unique(self.instants, return_inverse=True)
        timestamps = [format_timestamp(instant) for instant in instants.tolist()]
        columns = (self.meter, self.pv, self.meter + self.pv, self.meter - self.pv)
        powers = ((column / _TENTHS_PER_KILOWATT).tolist() for column in columns)
        return list(map(PowerRecord, map(timestamps.__getitem__, positions.tolist()), self.sites, *powers))

    def lines(self) -> bytes:
        """The journal's lines, each ended by a newline."""
        return encode_records(self.power_records())

    @property
    def last_timestamp(self) -> str | None:
        """Timestamp of the last record; None where there is none."""
        return format_timestamp(int(self.instants[-1])) if self.sites else None
