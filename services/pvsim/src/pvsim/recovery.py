"""Read a segment back: which records it holds, and where its whole lines end."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import zstandard

from pvsim.compression import open_to_read, plain_size, skip
from pvsim.records import Records, records_of
from pvsim_common.segments import JournalError

_CHUNK_BYTES = 4 * 1024 * 1024
_BROKEN = (msgspec.DecodeError, ValueError, OverflowError, RecursionError)  # what a decoder raises


class Line(msgspec.Struct, gc=False):
    """What a record is made of; the rest of the line follows from it."""

    timestamp: str
    site: str
    meter: float
    pv: float


class Recovered(NamedTuple):
    """Some records, and the offset after the last of them."""

    records: Records
    end: int


def recover(path: Path) -> Iterator[Recovered]:
    """The records of the open segment, chunk by chunk, up to its last whole line.

    What follows that is torn: written when the process or the machine died, never acknowledged. Raises JournalError
    where a line is broken but a whole one follows.
    """
    with open_to_read(path) as file:
        end, rest = 0, b""
        while chunk := file.read(_CHUNK_BYTES):
            lines, newline, rest = (rest + chunk).rpartition(b"\n")
            try:
                recovered = Recovered(records_of(_decoded(lines + newline)), end + len(lines) + len(newline))
            except _BROKEN:
                yield _up_to_broken(path, end)
                return
            yield recovered
            end = recovered.end


def recover_closed(path: Path) -> Iterator[Recovered]:
    """The records of a closed segment, compressed or not. Raises JournalError where anything in it is broken."""
    end = 0
    try:
        for recovered in recover(path):
            end = recovered.end
            yield recovered
        if end != plain_size(path):
            raise JournalError(f"{path}: the line at offset {end} is broken; nothing was changed")
    except zstandard.ZstdError as error:
        raise JournalError(f"{path}: cannot be decompressed: {error}") from error


def _up_to_broken(path: Path, begin: int) -> Recovered:
    """The lines from here to the broken one, read one by one; raises JournalError if a whole line follows that."""
    whole: list[Line] = []
    end = begin
    broken = False
    with open_to_read(path) as file:
        skip(file, begin)
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
    return Recovered(records_of(whole), end)


def _decoded(content: bytes) -> list[Line]:
    """All lines at once, which is several times faster than one by one but knows no lines, only values.

    Hence the counts, which differ where a value spans lines, a line holds two or a line is empty. Raises ValueError.
    """
    lines = _decoder().decode_lines(content)
    if not content.count(b"}\n") == content.count(b"\n") == len(lines):
        raise ValueError("the lines are not one record each")
    return lines


def _whole_line(text: bytes) -> Line | None:
    try:
        line = _decoder().decode(text)
        records_of([line])
    except _BROKEN:
        return None
    return line if text.endswith(b"\n") else None


def _decoder() -> "msgspec.json.Decoder[Line]":
    return msgspec.json.Decoder(Line)
