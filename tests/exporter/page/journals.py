"""Journals as pvsim writes them, for the live page to show."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.exporter.segmented import checkpoint_of

from pvsim_common.checkpoint import write_checkpoint
from pvsim_common.messages import PowerRecord, encode_records, format_timestamp, parse_timestamp
from pvsim_common.segments import Identity, claim, closed_segment, open_segment


class WrittenJournal:
    """A journal of one partition of homes in Munich."""

    def __init__(self, directory: Path, *, partition: int = 0, partitions: int = 1) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.segment = open_segment(directory)
        place = "48.14 11.58 520 Europe/Berlin"
        claim(directory, Identity(partition, partitions, seed=1, place=place, variation=True, sky="clear", model="1"))

    def append(self, records: Iterable[PowerRecord]) -> None:
        """Write records, as pvsim does it."""
        with self.segment.open("ab") as file:
            file.write(encode_records(records))

    def close(self, records: Sequence[PowerRecord]) -> Path:
        """Close the first segment, which holds these records, and write the checkpoint; the closed one."""
        rows = [
            (each.site, parse_timestamp(each.timestamp), round(each.meter * 10_000), round(each.pv * 10_000))
            for each in records
        ]
        closed = self.segment.rename(closed_segment(self.directory, 1))
        write_checkpoint(self.directory, checkpoint_of(rows, 1))
        return closed


def record(timestamp: str, site: str, meter_w: int, pv_w: float) -> PowerRecord:
    """A record of whole watts drawn and tenths of a watt delivered."""
    tenths = round(pv_w * 10)
    meter, pv = meter_w * 10, tenths
    return PowerRecord(timestamp, site, *(power / 10_000 for power in (meter, pv, meter + pv, meter - pv)))


def steady(
    sites: Sequence[str], begin: str, *, step_s: int, count: int, meter_w: int, pv_w: float
) -> list[PowerRecord]:
    """So many instants from one on, with the same power at each site and instant."""
    first = parse_timestamp(begin)
    timestamps = [format_timestamp(first + at * step_s * 1000) for at in range(count)]
    return [record(timestamp, site, meter_w, pv_w) for timestamp in timestamps for site in sites]
