"""Read a file backwards: blocks of complete lines, the newest first."""

from collections.abc import Iterator
from pathlib import Path

BLOCK_BYTES = 1 << 22


def end_of_lines(path: Path, size: int, *, block_bytes: int = BLOCK_BYTES) -> int:
    """Where the last complete line within the first `size` bytes ends; 0 where there is none in the last block."""
    with path.open("rb", buffering=0) as file:
        begin = max(size - block_bytes, 0)
        file.seek(begin)
        end = file.read(size - begin).rfind(b"\n") + 1
        return begin + end if end else 0


def blocks_before(path: Path, end: int, *, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The lines before a line's end, in blocks, the newest first; it stops at a line longer than a block."""
    with path.open("rb", buffering=0) as file:
        while end:
            begin = max(end - block_bytes, 0)
            file.seek(begin)
            content = file.read(end - begin)
            cut = content.find(b"\n") + 1 if begin else 0  # the first line is whole only by chance
            if len(content) < end - begin or cut == len(content):
                return
            yield content[cut:]
            end = begin + cut
