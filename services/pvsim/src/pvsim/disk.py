"""The few calls by which the journal changes its directory."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from pvsim.compression import compress
from pvsim_common.checkpoint import Checkpoint, write_checkpoint
from pvsim_common.segments import sync_directory

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only the latter


class Disk:
    """What the operating system does for us; each call raises OSError. Tests have one that breaks where they say."""

    def create(self, path: Path) -> int:
        """Open a file to append to, made if missing; its descriptor."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, descriptor: int, content: bytes) -> None:
        """Append all of it."""
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]

    def sync(self, descriptor: int) -> None:
        """Wait until all that was written to a file survives a crash of the machine."""
        _sync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut a file off at this size."""
        os.ftruncate(descriptor, size)

    def rename(self, path: Path, to: Path) -> None:
        """Give a file another name, also in place of another file."""
        path.rename(to)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def sync_directory(self, directory: Path) -> None:
        """Wait until the names in a directory survive a crash of the machine."""
        sync_directory(directory)

    def write_checkpoint(self, directory: Path, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint durably."""
        write_checkpoint(directory, checkpoint)

    def compress(self, path: Path, to: Path, *, stopped: Callable[[], bool]) -> bool:
        """Write a file compressed and durable; whether that was done before it was stopped."""
        return compress(path, to, stopped=stopped)
