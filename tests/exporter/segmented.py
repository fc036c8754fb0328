"""A journal in segments, as pvsim writes it, one step at a time; sums as a person would make them."""

from itertools import groupby
from pathlib import Path

from tests.exporter.columns import Record
from zstandard import ZstdCompressor

from pvsim_common.checkpoint import Checkpoint, write_checkpoint
from pvsim_common.messages import PowerRecord, encode_records, format_timestamp
from pvsim_common.segments import closed_segment, closed_segments, open_segment

MAX_GAP_MS = 3_600_000  # docs/architecture.md, section 2


def line(record: Record) -> bytes:
    """The journal's line of a record."""
    site, instant, meter, pv = record
    kilowatts = (power / 10_000 for power in (meter, pv, meter + pv, meter - pv))
    return encode_records([PowerRecord(format_timestamp(instant), site, *kilowatts)])


class SegmentedJournal:
    """Writes segments, and knows what is in them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.records: list[Record] = []
        self.closed: list[int] = []  # how many records each closed segment and those before it hold
        self.covered = 0

    @property
    def segment(self) -> Path:
        """The open one."""
        return open_segment(self.directory)

    def append(self, *records: Record) -> None:
        """Write records at the end."""
        with self.segment.open("ab") as file:
            file.write(b"".join(map(line, records)))
        self.records += records

    def close(self) -> None:
        """Close the open segment; there is none then."""
        self.closed.append(len(self.records))
        self.segment.rename(closed_segment(self.directory, len(self.closed)))

    def rotate(self) -> None:
        """Close the open segment and begin the next one."""
        self.close()
        self.segment.touch()

    def write_checkpoint(self) -> None:
        """Write what all closed segments say."""
        self.covered = len(self.closed)
        write_checkpoint(self.directory, checkpoint_of(self.records[: self.closed[-1]], self.covered))

    def compress(self, number: int, *, keep: bool = False) -> None:
        """Compress a closed segment, and remove the plain one unless it is to be kept."""
        plain = closed_segment(self.directory, number)
        compressed = plain.with_name(plain.name + ".zst")
        partial = compressed.with_name(compressed.name + ".tmp")
        partial.write_bytes(ZstdCompressor(level=1).compress(plain.read_bytes()))
        partial.rename(compressed)
        if not keep:
            plain.unlink()

    def remove(self, number: int) -> None:
        """Remove a closed segment, as retention does."""
        for path in self.directory.glob(closed_segment(self.directory, number).name + "*"):
            path.unlink()

    def there(self) -> list[int]:
        """The closed segments that are there."""
        return list(closed_segments(self.directory))


def energies_of(records: list[Record]) -> tuple[int, int, int, int]:
    """Drawn, made, imported and exported energy of one site's records [tenths of a watt x ms]."""
    drawn = made = imported = exported = newest = 0
    for _, instant, meter, pv in records:
        elapsed = instant - newest if newest and 0 < instant - newest <= MAX_GAP_MS else 0
        newest = max(newest, instant)
        drawn, made = drawn + meter * elapsed, made + pv * elapsed
        imported, exported = imported + max(meter - pv, 0) * elapsed, exported + max(pv - meter, 0) * elapsed
    return drawn, made, imported, exported


def by_site(records: list[Record]) -> dict[str, list[Record]]:
    """The records of each site in their order, the sites in the order in which they came."""
    order = {site: at for at, site in reversed(list(enumerate(site for site, *_ in records)))}
    grouped = groupby(sorted(records, key=lambda record: order[record[0]]), key=lambda record: record[0])
    return {site: list(of_site) for site, of_site in grouped}


def checkpoint_of(records: list[Record], segment: int) -> Checkpoint:
    """The checkpoint of these records; its coverage is empty, which is pvsim's own matter."""
    sites = by_site(records)
    newest = [max(reversed(of_site), key=lambda record: record[1]) for of_site in sites.values()]
    energies = [energies_of(of_site) for of_site in sites.values()]
    drawn, made, imported, exported = ([energy[at] for energy in energies] for at in range(4))
    return Checkpoint(
        segment=segment,
        records=len(records),
        size=sum(len(line(record)) for record in records),
        sites=list(sites),
        coverage=[],
        newest=[record[1] for record in newest],
        meter=[record[2] for record in newest],
        pv=[record[3] for record in newest],
        energy=(drawn, made, imported, exported),
    )
