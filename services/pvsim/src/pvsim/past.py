"""What the closed segments of a journal hold: the checkpoint, and the segments that are newer than it."""

from pathlib import Path
from typing import NamedTuple

from pvsim.compression import COMPRESSED, plain_size
from pvsim.contents import Contents
from pvsim.recovery import recover_closed
from pvsim_common.checkpoint import Checkpoint, read_checkpoint
from pvsim_common.segments import CHECKPOINT, FORMER, JournalError, closed_segment, closed_segments

_HINT = "pvsim verify says more"


class Past(NamedTuple):
    """All closed segments together."""

    contents: Contents
    segment: int  # the last of them, 0 where there is none
    size: int  # of all that ever were, not compressed [bytes]
    checkpointed: int  # the last one that the checkpoint covers


def read_past(directory: Path) -> Past:
    """Read the closed segments back. Raises JournalError where one is missing or broken."""
    checkpoint = read_checkpoint(directory)
    if checkpoint is not None:
        contents, covered, size = contents_of(directory, checkpoint), checkpoint.segment, checkpoint.size
    else:
        contents, covered, size = former_contents(directory), 0, 0
    newer = newer_segments(directory, covered)
    for path in newer.values():
        for recovered in recover_closed(path):
            contents.read_back(recovered.records)
        size += plain_size(path)
    return Past(contents, max(newer, default=covered), size, covered)


def former_contents(directory: Path) -> Contents:
    """What a journal began with: what those of another number of partitions hold of its sites; most begin empty."""
    return contents_of(directory, read_checkpoint(directory, FORMER), FORMER)


def contents_of(directory: Path, checkpoint: Checkpoint | None, name: str = CHECKPOINT) -> Contents:
    """What the checkpoint of a directory says. Raises JournalError where it makes no sense."""
    try:
        return Contents.of(checkpoint) if checkpoint is not None else Contents()
    except (ValueError, OverflowError) as error:
        raise JournalError(f"{directory / name}: {error} ({_HINT})") from error


def newer_segments(directory: Path, covered: int) -> dict[int, Path]:
    """The closed segments that a checkpoint up to this one does not cover. Raises JournalError if one is missing."""
    newer = {number: path for number, path in closed_segments(directory).items() if number > covered}
    for number in range(covered + 1, max(newer, default=covered)):
        if number not in newer:
            raise JournalError(f"{closed_segment(directory, number)} is missing and no checkpoint covers it ({_HINT})")
    return newer


def tidy(directory: Path) -> None:
    """Remove what a crash left of something half done: files not finished, and one of each two with the same lines."""
    for path in directory.glob("results-*.jsonl.zst.tmp"):
        path.unlink()
    for plain in closed_segments(directory).values():
        compressed = plain.with_name(plain.name + COMPRESSED)
        if plain.suffix != COMPRESSED and compressed.exists():
            (plain if plain_size(compressed) == plain_size(plain) else compressed).unlink()
