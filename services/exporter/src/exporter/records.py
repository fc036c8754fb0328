"""Journal lines as columns of numbers."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from exporter.sites import Sites
from pvsim_common.energy import Ints
from pvsim_common.messages import MAX_POWER_W, SITE_PATTERN, PowerRecord, format_timestamp, parse_timestamp

_MAX_POWER_KW = MAX_POWER_W / 1000
_SITE = re.compile(SITE_PATTERN)


class _Line(msgspec.Struct, gc=False):
    """A PowerRecord whose site is not looked at: to match each name takes twice the time of all the rest."""

    timestamp: str
    site: str
    meter: float
    pv: float
    total_power: float
    net_power: float


_line_decoder = msgspec.json.Decoder(_Line)
_record_decoder = msgspec.json.Decoder(PowerRecord)


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


def parse(lines: bytes, known: Sites | None = None) -> Records:
    """The records of complete lines; a line that is no record is counted and left out. Known sites save time."""
    try:
        return _together(lines, known or Sites())
    except (ValueError, RecursionError):
        decoded = [_decode(line) for line in lines.removesuffix(b"\n").split(b"\n")]
        valid = [record for record in decoded if record is not None]
        return _columns(valid, [record.site for record in valid], invalid=len(decoded) - len(valid))


def _together(lines: bytes, known: Sites) -> Records:
    """The records of lines that all are one. Raises ValueError or RecursionError.

    One call for a whole chunk is several times faster than one a line, but knows no lines, only values.
    """
    decoded = _line_decoder.decode_lines(lines)
    if len(decoded) != _lines_between_objects(lines):
        raise ValueError("the lines are not one record each")
    sites = [line.site for line in decoded]
    if known.find(sites) is None and not all(map(_SITE.search, set(sites))):
        raise ValueError("a site has another name than sites may have")
    return _columns(decoded, sites)


def _lines_between_objects(lines: bytes) -> int | None:
    """How many lines there are; None where one does not begin with {, or end with } and a newline.

    In JSON nothing but two values of their own has } and { around a newline. So if there are as many values as lines,
    no value spans lines, and no line holds two of them or none.
    """
    if not lines.startswith(b"{") or not lines.endswith(b"\n"):
        return None if lines else 0
    characters = np.frombuffer(lines, dtype=np.uint8)
    newlines = np.flatnonzero(characters == ord("\n"))
    begins, ends = characters[newlines[:-1] + 1], characters[newlines - 1]
    return len(newlines) if (begins == ord("{")).all() and (ends == ord("}")).all() else None


def _decode(line: bytes) -> PowerRecord | None:
    try:
        record = _record_decoder.decode(line)
        parse_timestamp(record.timestamp)
        _check_powers(record.meter, record.pv)
    except (ValueError, RecursionError):
        return None
    return record


def _columns(records: Sequence[_Line | PowerRecord], sites: list[str], *, invalid: int = 0) -> Records:
    """Columns of these records. Raises ValueError where an instant or a power is out of bounds."""
    texts = [record.timestamp for record in records]
    instants = {text: parse_timestamp(text) for text in set(texts)}  # many records share one
    column = np.fromiter(map(instants.__getitem__, texts), dtype=np.int64, count=len(texts))
    meter, pv = _tenths([record.meter for record in records]), _tenths([record.pv for record in records])
    return Records(sites, column, meter, pv, invalid)


def _tenths(powers_kw: list[float]) -> Ints:
    """Powers [tenths of a watt]. Raises ValueError where one is out of bounds."""
    column = np.fromiter(powers_kw, dtype=np.float64, count=len(powers_kw))
    if len(column):
        _check_powers(float(column.min()), float(column.max()))
    return np.rint(column * 10_000).astype(np.int64)


def _check_powers(*powers_kw: float) -> None:
    if not all(0 <= power <= _MAX_POWER_KW for power in powers_kw):
        raise ValueError(f"a power is not between 0 and {_MAX_POWER_KW:.0f} kW")
