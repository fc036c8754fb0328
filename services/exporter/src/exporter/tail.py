"""Follow a journal: the complete lines of its segments, each once, whatever becomes of the files meanwhile."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from io import FileIO
from itertools import chain
from pathlib import Path

import structlog

from exporter.compressed import chunks_from
from exporter.files import Stamp, closed, covered_segment, stamp
from pvsim_common.segments import CHECKPOINT, IDENTITY, closed_segment, open_segment

CHUNK_BYTES = 1 << 18  # small enough for the processor's cache, and for nothing else to wait long
_WITNESS_BYTES = 512
_BATCH_BYTES = 1 << 22  # more than pvsim writes at once

_log = structlog.get_logger()


class ReplacedError(Exception):
    """What was read before is no longer there: it was cut short, rewritten, removed, or is another journal."""


class CutError(ReplacedError):
    """The end of the open segment was taken back, as pvsim does with a batch that does not fit on the disk."""


class Tail:
    """How far the segments of one journal have been read. A file is opened anew for each read: nothing to close."""

    def __init__(self, directory: Path, number: int, *, journal: Stamp | None, chunk_bytes: int = CHUNK_BYTES) -> None:
        """Begin with the segment of a number, or the first after it that is there; journal is journal.json's stamp."""
        self.last_write_s: float | None = None  # [s since 1970]
        self._directory = directory
        self._open_segment = open_segment(directory)
        self._journal = journal
        self._covered: tuple[Stamp | None, int] = None, 0  # by the checkpoint with this stamp
        self._chunk_bytes = chunk_bytes
        self._begin(number)

    @property
    def position(self) -> tuple[int, int]:
        """The segment's number, and how much of it has been read, not compressed [bytes]."""
        return self.number, self.offset

    def read(self) -> bytes:
        """Complete lines after those read before, a chunk at most; empty where there are none yet, or no file.

        Raises ReplacedError when those read before are gone, or those to be read.
        """
        with suppress(FileNotFoundError):
            self.last_write_s = self._open_segment.stat().st_mtime
        while True:
            content, is_closed = self._content()
            lines = complete_lines(content, self._chunk_bytes)
            if is_closed and not lines:
                lines = content  # nobody will complete it
            if lines or not is_closed:
                self._take(lines, content)
                return lines
            self._begin(self.number + 1)

    def _begin(self, number: int) -> None:
        self.number, self.offset = number, 0
        self._closed = closed_segment(self._directory, number)
        self._compressed = self._closed.with_name(self._closed.name + ".zst")
        self._inode = 0
        self._witness = b""  # the last bytes read: as long as they stand there, the file is the same
        self._chunks: Iterator[bytes] | None = None  # of the compressed segment
        self._rest = b""  # what was decompressed and not taken

    def _take(self, lines: bytes, content: bytes) -> None:
        self.offset += len(lines)
        self._witness = (self._witness + lines[-_WITNESS_BYTES:])[-_WITNESS_BYTES:]
        if self._chunks is not None:
            self._rest = content[len(lines) :]

    def _content(self) -> tuple[bytes, bool]:
        """What follows the position, about a chunk, and whether the segment is closed: then empty means its end."""
        while self._chunks is None:
            with ExitStack() as files:
                newest = _opened(self._open_segment, files)  # first: if it is closed meanwhile, that shows below
                if (plain := _opened(self._closed, files)) is not None:
                    return self._read(plain), True
                if not self._decompress() and self._is_newest(newest is not None):
                    return self._read(newest) if newest else b"", False
        return self._rest + next(self._chunks, b""), True

    def _read(self, file: FileIO) -> bytes:
        status = os.fstat(file.fileno())
        if self.offset and self._inode != status.st_ino:
            raise ReplacedError("another file has taken its place")
        self._inode = status.st_ino
        file.seek(self.offset - len(self._witness))
        content = file.read(len(self._witness) + self._chunk_bytes)
        if not content.startswith(self._witness):
            is_cut = self.offset - status.st_size <= _BATCH_BYTES
            raise (CutError if is_cut else ReplacedError)("what was read is not there any more")
        return content[len(self._witness) :]

    def _decompress(self) -> bool:
        """Go on at the same place of the compressed segment, if there is one."""
        begin, chunk_bytes = self.offset - len(self._witness), self._chunk_bytes + len(self._witness)
        chunks = chunks_from(self._compressed, begin, chunk_bytes=chunk_bytes)
        try:
            content = next(chunks, b"")
        except FileNotFoundError:
            return False
        if not content.startswith(self._witness):
            raise ReplacedError("the compressed segment is another one")
        following = content[len(self._witness) :]
        self._chunks = chain([following] if following else [], chunks)
        return True

    def _is_newest(self, is_there: bool) -> bool:
        """Whether a segment that is not closed is the one that is open, or to come.

        False where that is to be found out once more: it was closed just now, or is missing and the next one is taken.
        Raises ReplacedError where its records are in the checkpoint only, or it is of another journal.
        """
        if is_there and self.offset:
            return True  # the file itself will tell
        numbers = closed(self._directory)
        if self.number - 1 not in numbers and self._is_covered():  # else it was not removed: the oldest go first
            raise ReplacedError("the segment was removed and the checkpoint covers it")
        if (now := stamp(self._directory / IDENTITY)) != self._journal and self._journal is not None:
            raise ReplacedError("the directory holds another journal")
        self._journal = now
        later = [number for number in numbers if number > self.number]
        if later and self.number not in numbers:
            _log.error("segment_missing", segment=str(self._closed), next=min(later))
            self._begin(min(later))
        return not (later or self.number in numbers)

    def _is_covered(self) -> bool:
        """Whether the checkpoint covers this segment; it is read only when it is another one, since it may be large."""
        if (now := stamp(self._directory / CHECKPOINT)) != self._covered[0]:
            self._covered = now, covered_segment(self._directory)
        return self._covered[1] >= self.number


def _opened(path: Path, files: ExitStack) -> FileIO | None:
    try:
        return files.enter_context(path.open("rb", buffering=0))
    except FileNotFoundError:
        return None


def complete_lines(content: bytes, chunk_bytes: int) -> bytes:
    """The content up to its last newline. A whole chunk without any is no journal: given as it is, to get past it."""
    end = content.rfind(b"\n") + 1
    return content[:end] if end or len(content) < chunk_bytes else content
