"""Read a segment back: which readings it holds, and where its whole lines end."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from pvsim_common.messages import parse_timestamp
from pvsim_common.segments import JournalError

_CHUNK_BYTES = 8 * 1024 * 1024
_BROKEN = (msgspec.DecodeError, ValueError, RecursionError)  # what a decoder raises


class Line(msgspec.Struct):
    """What coverage needs of a record."""

    timestamp: str
    site: str


class Recovered(NamedTuple):
    """Sites and instants [ms since 1970] of some lines, and the offset after the last of them."""

    sites: list[str]
    instants: NDArray[np.int64]
    end: int


def recover(path: Path) -> Iterator[Recovered]:
    """The records of a segment, chunk by chunk, up to its last whole line.

    What follows that is torn: written when the process or the machine died, never acknowledged. Raises JournalError
    where a line is broken but a whole one follows.
    """
    with path.open("rb") as file:
        end, rest = 0, b""
        while chunk := file.read(_CHUNK_BYTES):
            lines, newline, rest = (rest + chunk).rpartition(b"\n")
            try:
                recovered = _recovered(_decoder().decode_lines(lines), end + len(lines) + len(newline))
            except _BROKEN:
                file.seek(end)
                yield _up_to_broken(path, file, end)
                return
            yield recovered
            end = recovered.end


def _up_to_broken(path: Path, file: BinaryIO, begin: int) -> Recovered:
    """The lines from here to the broken one, read one by one; raises JournalError if a whole line follows that."""
    whole: list[Line] = []
    end = begin
    broken = False
    for text in file:
        line = _whole_line(text)
        if line is None:
            broken = True
        elif broken:
            raise JournalError(
                f"{path}: the line at offset {end} is broken but whole lines follow; nothing was changed"
            )
        else:
            whole.append(line)
            end += len(text)
    return _recovered(whole, end)


def _whole_line(text: bytes) -> Line | None:
    try:
        line = _decoder().decode(text)
        parse_timestamp(line.timestamp)
    except _BROKEN:
        return None
    return line if text.endswith(b"\n") else None


def _recovered(lines: list[Line], end: int) -> Recovered:
    instants = {timestamp: parse_timestamp(timestamp) for timestamp in {line.timestamp for line in lines}}
    return Recovered(
        [line.site for line in lines], np.array([instants[line.timestamp] for line in lines], dtype=np.int64), end
    )


def _decoder() -> "msgspec.json.Decoder[Line]":
    return msgspec.json.Decoder(Line)
