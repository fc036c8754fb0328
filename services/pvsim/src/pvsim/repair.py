"""Mend a journal: cut out what is no record or stands there twice, keep it aside, and make the checkpoint anew."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from pvsim.compression import COMPRESSED, open_to_read
from pvsim.findings import Fault, SegmentCheck, Verification
from pvsim.past import former_contents, newer_segments
from pvsim.recovery import recover_closed
from pvsim_common.checkpoint import write_checkpoint
from pvsim_common.segments import CHECKPOINT, closed_segments, sync_directory, write_durably

_CHUNK_BYTES = 1024 * 1024


class Step(NamedTuple):
    """What would be done, in words, and that itself."""

    words: str
    do: Callable[[], None]


def plan(directory: Path, found: Verification) -> Iterator[Step]:
    """What to do, in this order; nothing has been done yet."""
    for segment in found.segments:
        if faults := segment.removable():
            yield Step(_words(segment, faults), partial(_cut, segment.path, faults))
    closed = closed_segments(directory).values()
    differs = found.checkpoint_is_wrong or any(s.removable() for s in found.segments if s.path in closed)
    if differs and closed and found.whole:
        yield Step(f"make {CHECKPOINT} anew from all closed segments", partial(_remake_checkpoint, directory))


def _words(segment: SegmentCheck, faults: list[Fault]) -> str:
    aside = ", ".join(_aside(segment.path, fault).name for fault in faults[:3]) + (" …" if len(faults) > 3 else "")
    return f"cut {len(faults)} lines out of {segment.path.name} and keep them in {aside}"


def _aside(path: Path, fault: Fault) -> Path:
    """Where cut out bytes are kept."""
    return path.with_name(f"{path.name.removesuffix(COMPRESSED)}.broken-{fault.offset}")


def _cut(path: Path, faults: list[Fault]) -> None:
    """First what is cut out is durable, then the segment without it takes the place of the one with it."""
    plain = path.with_name(path.name.removesuffix(COMPRESSED))
    unfinished = plain.with_name(plain.name + ".tmp")
    times = path.stat()
    with open_to_read(path) as file, unfinished.open("wb") as kept:
        at = 0
        for fault in faults:
            _copy(file.read, kept.write, fault.offset - at)
            _keep(_aside(path, fault), file.read(fault.length))
            at = fault.offset + fault.length
        while chunk := file.read(_CHUNK_BYTES):
            kept.write(chunk)
        kept.flush()
        os.utime(unfinished, ns=(times.st_atime_ns, times.st_mtime_ns))
        os.fsync(kept.fileno())
    unfinished.rename(plain)
    sync_directory(path.parent)
    if plain != path:
        path.unlink()


def _keep(path: Path, content: bytes) -> None:
    """Under another name where something else is kept under this one."""
    names = (path if n == 1 else path.with_name(f"{path.name}-{n}") for n in count(1))
    write_durably(next(name for name in names if not name.exists() or name.read_bytes() == content), content)


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], int], left: int) -> None:
    while left and (chunk := read(min(left, _CHUNK_BYTES))):
        write(chunk)
        left -= len(chunk)


def _remake_checkpoint(directory: Path) -> None:
    """Raises JournalError where a segment is missing."""
    contents, size = former_contents(directory), 0
    segments = newer_segments(directory, 0)
    for path in segments.values():
        for recovered in recover_closed(path):
            contents.read_back(recovered.records)
            end = recovered.end
        size += end
    write_checkpoint(directory, contents.snapshot(segment=max(segments), size=size).checkpoint())
