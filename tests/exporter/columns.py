"""Records for the exporter's tests, made of plain numbers."""

import numpy as np

from exporter.records import Records
from pvsim_common.messages import PowerRecord, encode_records, format_timestamp

START = 1_782_036_000_000  # 2026-06-21T10:00:00Z

Record = tuple[str, int, int, int]
"""Site, instant [ms since 1970], meter and PV power [tenths of a watt]."""


def columns(records: list[Record], *, invalid: int = 0) -> Records:
    """The records as the exporter has them."""
    sites, instants, meter, pv = zip(*records, strict=True) if records else ((), (), (), ())
    return Records(
        list(sites),
        np.array(instants, dtype=np.int64),
        np.array(meter, dtype=np.int64),
        np.array(pv, dtype=np.int64),
        invalid,
    )


def lines(*records: tuple[int, str, int, float]) -> bytes:
    """Journal lines: seconds since 2026-06-21T10:00:00Z, site, meter and PV power [W]."""
    return encode_records(
        PowerRecord(
            format_timestamp(START + 1000 * second),
            site,
            meter / 1000,
            pv / 1000,
            (meter + pv) / 1000,
            (meter - pv) / 1000,
        )
        for second, site, meter, pv in records
    )
