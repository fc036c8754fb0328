"""Journal lines as columns of numbers."""

from typing import NamedTuple

import msgspec
import numpy as np

from pvsim_common.energy import Ints
from pvsim_common.messages import MAX_POWER_W, PowerRecord, format_timestamp, parse_timestamp

_MAX_POWER_KW = MAX_POWER_W / 1000
_decoder = msgspec.json.Decoder(PowerRecord)


class Records(NamedTuple):
    """Records in the journal's order, and how many lines among them were none."""

    sites: list[str]
    instants: Ints  # [ms since 1970]
    meter: Ints  # [tenths of a watt]
    pv: Ints  # [tenths of a watt]
    invalid: int

    @property
    def last_timestamp(self) -> str | None:
        """Timestamp of the last record; None where there is none."""
        return format_timestamp(int(self.instants[-1])) if self.sites else None


def parse(lines: bytes) -> Records:
    """The records of complete lines; a line that is no record is counted and left out."""
    try:
        return _columns(_decode_all(lines))
    except (ValueError, RecursionError):
        decoded = [_decode(line) for line in lines.removesuffix(b"\n").split(b"\n")]
        valid = [record for record in decoded if record is not None]
        return _columns(valid, invalid=len(decoded) - len(valid))


def _decode_all(lines: bytes) -> list[PowerRecord]:
    """The records of lines that all are one. Raises ValueError or RecursionError.

    One call for a whole chunk is several times faster than one a line, but knows no lines, only values:
    hence the counts, which differ where a value spans lines, a line holds two or a line is empty.
    """
    records = _decoder.decode_lines(lines)
    if not lines.count(b"}\n") == lines.count(b"\n") == len(records):
        raise ValueError("the lines are not one record each")
    return records


def _decode(line: bytes) -> PowerRecord | None:
    try:
        record = _decoder.decode(line)
        parse_timestamp(record.timestamp)
        _check_powers(record.meter, record.pv)
    except (ValueError, RecursionError):
        return None
    return record


def _columns(records: list[PowerRecord], *, invalid: int = 0) -> Records:
    """Columns of these records. Raises ValueError where an instant or a power is out of bounds."""
    texts = [record.timestamp for record in records]
    instants = {text: parse_timestamp(text) for text in set(texts)}  # many records share one
    powers_kw = np.array([[record.meter for record in records], [record.pv for record in records]])
    if powers_kw.size:
        _check_powers(float(powers_kw.min()), float(powers_kw.max()))
    meter, pv = np.rint(powers_kw * 10_000).astype(np.int64)
    return Records(
        [record.site for record in records],
        np.array([instants[text] for text in texts], dtype=np.int64),
        meter,
        pv,
        invalid,
    )


def _check_powers(*powers_kw: float) -> None:
    if not all(0 <= power <= _MAX_POWER_KW for power in powers_kw):
        raise ValueError(f"a power is not between 0 and {_MAX_POWER_KW:.0f} kW")
