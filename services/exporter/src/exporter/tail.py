"""Follow a growing file: its complete lines from the beginning, each once."""

import os
from pathlib import Path

CHUNK_BYTES = 1 << 18  # small enough for the processor's cache, and for nothing else to wait long
_WITNESS_BYTES = 512


class ReplacedError(Exception):
    """What was read before is no longer in the file: it was cut short, rewritten, or is another file."""


class Tail:
    """How far one file has been read. It is opened anew for each read, so there is nothing to close."""

    def __init__(self, path: Path, *, chunk_bytes: int = CHUNK_BYTES, position: int = 0) -> None:
        """Begin at a position where a line begins."""
        self.path = path
        self.position = position  # all before it has been read, or is nobody's concern [bytes]
        self.size = 0  # when last looked at [bytes]
        self.size_at_first = 0  # what is to be caught up with [bytes]
        self.last_write_s: float | None = None  # [s since 1970]
        self._chunk_bytes = chunk_bytes
        self._inode: int | None = None
        self._witness = b""  # the last bytes read: as long as they stand there, the file is the same

    def read(self) -> bytes:
        """Complete lines after those read before, a chunk at most; empty where there are none yet, or no file.

        Raises ReplacedError when those read before are gone.
        """
        try:
            content = self._content()
        except FileNotFoundError:
            return b""
        if not content.startswith(self._witness):
            raise ReplacedError
        lines = complete_lines(content[len(self._witness) :], self._chunk_bytes)
        self.position += len(lines)
        self._witness = (self._witness + lines[-_WITNESS_BYTES:])[-_WITNESS_BYTES:]
        return lines

    def _content(self) -> bytes:
        """The witness and a chunk of what follows it. Raises ReplacedError where the file is another one."""
        with self.path.open("rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            if self._inode is None:
                self._inode, self.size_at_first = status.st_ino, status.st_size
            if self._inode != status.st_ino:
                raise ReplacedError
            self.size, self.last_write_s = status.st_size, status.st_mtime
            file.seek(self.position - len(self._witness))
            return file.read(len(self._witness) + self._chunk_bytes)


def complete_lines(content: bytes, chunk_bytes: int) -> bytes:
    """The content up to its last newline. A whole chunk without any is no journal: given as it is, to get past it."""
    end = content.rfind(b"\n") + 1
    return content[:end] if end or len(content) < chunk_bytes else content
