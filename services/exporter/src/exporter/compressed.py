"""Read compressed segments, forwards or backwards; offsets are those of the lines, as if they were not compressed."""

from collections.abc import Iterator
from pathlib import Path

import structlog
from zstandard import ZstdDecompressor, ZstdError

WINDOW_BYTES = 1 << 25  # two passes for a segment of the usual size
_CHUNK_BYTES = 1 << 20

_log = structlog.get_logger()


def chunks_from(path: Path, offset: int, *, chunk_bytes: int) -> Iterator[bytes]:
    """What follows an offset, in chunks of so many bytes; it ends where the file is damaged, and says so in the log."""
    with path.open("rb") as file, ZstdDecompressor().stream_reader(file, read_across_frames=True) as reader:
        try:
            reader.seek(offset)
            while chunk := reader.read(chunk_bytes):
                yield chunk
        except ZstdError as error:
            _log.error("segment_damaged", segment=str(path), reason=str(error))


class Window:
    """Ranges of a compressed segment, asked for from its end backwards: a window of it is kept.

    It can only be decompressed from its beginning, so each window is a pass over all that stands before its end.
    """

    def __init__(self, path: Path, *, window_bytes: int = WINDOW_BYTES) -> None:
        """Raises FileNotFoundError."""
        self._path = path
        self._window_bytes = window_bytes
        self._window = bytearray()
        self._begin = 0
        self.size = self._fill(None)

    def read(self, begin: int, end: int) -> bytes:
        """The bytes from one offset to another, not more than a window."""
        if begin < self._begin:
            self._fill(end)
        return bytes(self._window[begin - self._begin : end - self._begin])

    def _fill(self, end: int | None) -> int:
        """Keep the window before an offset, or before the end for None; where it ends."""
        window, at = bytearray(), 0
        for chunk in chunks_from(self._path, 0, chunk_bytes=_CHUNK_BYTES):
            window += chunk if end is None else chunk[: end - at]
            at += len(chunk)
            del window[: -self._window_bytes]
            if end is not None and at >= end:
                break
        at = at if end is None else min(at, end)
        self._window, self._begin = window, at - len(window)
        return at
