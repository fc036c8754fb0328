"""Read closed segments backwards: blocks of complete lines, the newest first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from exporter.compressed import Window
from pvsim_common.segments import closed_segment

BLOCK_BYTES = 1 << 22
_LARGEST_COMPRESSED = 1 << 26  # what is larger takes seconds to be decompressed once [bytes]

Read = Callable[[int, int], bytes]


def blocks_of_segments(directory: Path, newest: int, *, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The lines of the closed segments up to a number. Raises FileNotFoundError at one that is not there any more."""
    for number in range(newest, 0, -1):
        with _opened(closed_segment(directory, number)) as (read, size):
            yield from blocks_before(read, size, block_bytes=block_bytes)


def blocks_before(read: Read, end: int, *, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The lines before a line's end, given how to read between two offsets; it stops at a line longer than a block."""
    while end:
        begin = max(end - block_bytes, 0)
        content = read(begin, end)
        cut = content.find(b"\n") + 1 if begin else 0  # the first line is whole only by chance
        if len(content) < end - begin or cut == len(content):
            return
        yield content[cut:]
        end = begin + cut


@contextmanager
def _opened(segment: Path) -> Iterator[tuple[Read, int]]:
    """How to read a closed segment, and its size; compressed it may be, and becomes so at any time before."""
    try:
        file = segment.open("rb", buffering=0)
    except FileNotFoundError:
        compressed = segment.with_name(segment.name + ".zst")
        if compressed.stat().st_size > _LARGEST_COMPRESSED:
            raise FileNotFoundError(f"{compressed} is too large to be read backwards") from None
        window = Window(compressed)
        yield window.read, window.size
        return
    with file:

        def read(begin: int, end: int) -> bytes:
            file.seek(begin)
            return file.read(end - begin)

        yield read, file.seek(0, 2)
