"""What a check of a journal has found."""

from dataclasses import dataclass, field
from pathlib import Path

from pvsim.agreement import Gap


@dataclass(frozen=True)
class Fault:
    """Something that should not be so; of a line, where it begins and how long it is."""

    what: str
    offset: int = 0
    length: int = 0
    broken: bool = False  # no record
    again: bool = False  # a record that stands there already
    unreadable: bool = False  # from here on nobody can tell what the segment holds


@dataclass(frozen=True)
class SegmentCheck:
    """What was found in one segment."""

    path: Path
    records: int
    faults: list[Fault]

    def removable(self) -> list[Fault]:
        """The lines that may be cut out; none where what follows them could not be copied."""
        if any(fault.unreadable for fault in self.faults):
            return []
        return [fault for fault in self.faults if fault.broken or fault.again]


@dataclass
class Verification:
    """What was found in a journal."""

    segments: list[SegmentCheck] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)  # of no segment
    notes: list[str] = field(default_factory=list)  # what is worth to know and no fault
    gaps: list[Gap] = field(default_factory=list)
    records: int = 0
    sites: int = 0
    checkpoint: str = "none yet"
    checkpoint_is_wrong: bool = False
    whole: bool = True  # all segments from the first on are there and can be read

    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and not any(segment.faults for segment in self.segments)
