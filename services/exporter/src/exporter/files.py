"""What the directory of a journal holds, told by its files' names and sizes."""

from pathlib import Path

from pvsim_common.checkpoint import read_checkpoint
from pvsim_common.segments import CHECKPOINT, JournalError, closed_segments, open_segment

Stamp = tuple[int, int]


def closed(directory: Path) -> dict[int, Path]:
    """The closed segments by number, the first first; none where there is no directory."""
    try:
        return closed_segments(directory)
    except FileNotFoundError:
        return {}


def covered_segment(directory: Path) -> int:
    """The last segment that the checkpoint covers; 0 where there is none that can be read."""
    try:
        checkpoint = read_checkpoint(directory)
    except JournalError:
        return 0
    return checkpoint.segment if checkpoint else 0


def stamp(path: Path) -> Stamp | None:
    """What tells a file from another one that takes its place; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def size_of(path: Path) -> int:
    """Size of a file; 0 for one that is gone [bytes]."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def journal_size(directory: Path) -> int:
    """Size of all segments and of the checkpoint [bytes]."""
    return sum(map(size_of, [*closed(directory).values(), open_segment(directory), directory / CHECKPOINT]))
