"""Closed segments, compressed with zstd and read as if they were not."""

import os
from collections.abc import Callable
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

_LEVEL = 1  # a twelfth of the size at a few tenths of a second for 64 MiB; higher levels take long for little
_CHUNK_BYTES = 1024 * 1024
COMPRESSED = ".zst"


def compress(path: Path, to: Path, *, stopped: Callable[[], bool]) -> bool:
    """Write a file compressed and durable, with its times; whether that was done before it was stopped.

    Raises OSError.
    """
    try:
        whole = _compress(path, to, stopped)
    except OSError:
        to.unlink(missing_ok=True)  # on a full disk half a file is room for somebody else
        raise
    if not whole:
        to.unlink()
    return whole


def open_to_read(path: Path) -> BinaryIO:
    """A segment's bytes, decompressed where it is compressed."""
    file = path.open("rb")
    if path.suffix != COMPRESSED:
        return file
    reader = zstandard.ZstdDecompressor().stream_reader(file, closefd=True)
    return BufferedReader(cast("RawIOBase", reader), _CHUNK_BYTES)  # it is one in all but name


def skip(file: BinaryIO, count: int) -> None:
    """Read on by so many bytes; what is decompressed cannot be sought in."""
    while count and (chunk := file.read(min(count, _CHUNK_BYTES))):
        count -= len(chunk)


def plain_size(path: Path) -> int:
    """How many bytes a segment has when it is not compressed. Raises zstandard.ZstdError if it is no such file."""
    if path.suffix != COMPRESSED:
        return path.stat().st_size
    with path.open("rb") as file:
        return zstandard.get_frame_parameters(file.read(18)).content_size


def _compress(path: Path, to: Path, stopped: Callable[[], bool]) -> bool:
    with path.open("rb") as plain, to.open("wb") as file:
        before = os.fstat(plain.fileno())
        compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        writer = compressor.stream_writer(file, size=before.st_size, closefd=False)
        while chunk := plain.read(_CHUNK_BYTES):
            if stopped():
                return False
            writer.write(chunk)
        writer.flush(zstandard.FLUSH_FRAME)
        file.flush()
        os.utime(file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))  # retention goes by age
        os.fsync(file.fileno())
    return True
