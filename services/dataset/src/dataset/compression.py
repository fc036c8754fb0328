"""Text files, compressed or not: the same bytes for the same text, whenever it is written."""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO, Protocol

import zstandard

SUFFIXES = {"none": "", "zstd": ".zst", "gzip": ".gz"}
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 3  # what the programs take unless told otherwise


class _Stream(Protocol):
    def write(self, data: bytes, /) -> int: ...


def write_text(file: BinaryIO, *pieces: Iterable[bytes], compress: str) -> None:
    """Write pieces of text one after the other as one stream; compress is one of SUFFIXES."""
    with _compressed(file, compress) as stream:
        for piece in chain.from_iterable(pieces):
            stream.write(piece)


@contextmanager
def _compressed(file: BinaryIO, compress: str) -> Iterator[_Stream]:
    match compress:
        case "gzip":  # neither name nor time in its head
            with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as stream:
                yield stream
        case "zstd":
            made = zstandard.ZstdCompressor(_ZSTD_LEVEL, write_checksum=True)
            with made.stream_writer(file, closefd=False) as stream:
                yield stream
        case _:
            yield file
