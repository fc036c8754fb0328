"""The lines of a segment, each looked at closely: is it a record, and just as pvsim writes one."""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec

from pvsim.compression import open_to_read
from pvsim.records import Records, records_of
from pvsim_common.messages import PowerRecord, encode_records

_CHUNK_BYTES = 4 * 1024 * 1024
_BROKEN = (msgspec.DecodeError, ValueError, OverflowError, RecursionError)  # what a decoder raises


class Lines(NamedTuple):
    """Some lines, from this offset on, and the records they are: all of them right, or a single line that is not."""

    offset: int
    content: bytes
    records: Records | None
    fault: str = ""

    def bounds(self) -> list[int]:
        """Where each line begins, and where the last one ends."""
        return list(accumulate(map(len, self.content.splitlines(keepends=True)), initial=self.offset))


def lines_of(path: Path) -> Iterator[Lines]:
    """All lines of a segment in their order; the last may lack its newline. Raises zstandard.ZstdError, OSError."""
    offset, rest = 0, b""
    with open_to_read(path) as file:
        while chunk := file.read(_CHUNK_BYTES):
            content, newline, rest = (rest + chunk).rpartition(b"\n")
            content += newline
            yield from _lines(offset, content)
            offset += len(content)
    if rest:
        yield Lines(offset, rest, None, "not a whole line")


def _lines(offset: int, content: bytes) -> Iterator[Lines]:
    """Together where they all are right, else one by one."""
    try:
        decoded = _decoder().decode_lines(content)
        records = records_of(decoded)
        whole = not _fault_of(decoded, records, content)
    except _BROKEN:
        whole = False
    if whole:
        yield Lines(offset, content, records)
        return
    for line in content.splitlines(keepends=True):
        yield _line(offset, line)
        offset += len(line)


def _line(offset: int, line: bytes) -> Lines:
    try:
        decoded = [_decoder().decode(line)]
        records = records_of(decoded)
    except _BROKEN as error:
        return Lines(offset, line, None, f"no record: {error}")
    return Lines(offset, line, records, _fault_of(decoded, records, line))


def _fault_of(decoded: list[PowerRecord], records: Records, content: bytes) -> str:
    """What is wrong with lines that are records; empty where nothing is."""
    if records.power_records() != decoded or (records.meter % 10).any():
        return "a sum is not exact, or a power finer than it should be"
    return "" if encode_records(decoded) == content else "a record, but not in the form that pvsim writes"


def _decoder() -> "msgspec.json.Decoder[PowerRecord]":
    return msgspec.json.Decoder(PowerRecord)
