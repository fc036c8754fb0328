"""What a pvsim has recorded: the lines of all segments of its journal, closed at midnight UTC or not."""

from collections.abc import Iterator
from pathlib import Path

from pvsim.compression import open_to_read
from pvsim_common.segments import closed_segments, open_segment


def segments(directory: Path) -> list[Path]:
    """The segments of a journal, the open one last."""
    last = open_segment(directory)
    return [*closed_segments(directory).values(), *([last] if last.exists() else [])]


def all_lines(directory: Path) -> Iterator[bytes]:
    """Each line of all segments, closed, compressed or open, with its newline where it has one."""
    for path in segments(directory):
        with open_to_read(path) as file:
            yield from file


def recorded(directory: Path) -> list[bytes]:
    """The lines without their newlines; none where there is no journal yet, or a segment is being closed."""
    try:
        return [line.rstrip(b"\n") for line in all_lines(directory)]
    except FileNotFoundError:
        return []
