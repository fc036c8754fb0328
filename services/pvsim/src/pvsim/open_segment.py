"""The open segment: appended to and made durable, a batch at a time, all of it or nothing."""

import os
from pathlib import Path

from pvsim.disk import NO_ROOM, Disk


class OpenSegment:
    """A file that is this process's alone, made if missing."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._disk = disk
        self._descriptor = disk.create(path)
        self.size = os.fstat(self._descriptor).st_size  # [bytes]

    def append(self, content: bytes) -> None:
        """Write content so that it survives a crash of process and machine. Raises OSError.

        Where there is no room for it the file is as before, and one may try again. After any other error nobody knows
        what is on disk and what only seems to be: this descriptor must not be used again.
        """
        try:
            self._disk.write(self._descriptor, content)
            self._disk.sync(self._descriptor)
        except OSError as error:
            if error.errno in NO_ROOM:
                self._disk.truncate(self._descriptor, self.size)
            raise
        self.size += len(content)

    def sync(self) -> None:
        """Make all of it durable."""
        self._disk.sync(self._descriptor)

    def distrust_the_cache(self) -> None:
        """See to it that reading tells what is on disk.

        After a failed write the system may take its own copy for clean, show it to every reader and never write it.
        """
        self._disk.sync(self._descriptor)
        if hasattr(os, "posix_fadvise"):  # macOS has none
            os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def cut_off(self, size: int) -> None:
        """Leave only so many bytes, durably."""
        self._disk.truncate(self._descriptor, size)
        self._disk.sync(self._descriptor)
        self.size = size

    def written_at(self) -> float:
        """When it was last written to [s since 1970]."""
        return os.fstat(self._descriptor).st_mtime

    def close(self) -> None:
        """Give the file up as it is."""
        os.close(self._descriptor)
