"""A disk that breaks where a test says: the process dies before one of its calls, or a call fails."""

import os
from collections.abc import Callable
from pathlib import Path

from pvsim.disk import Disk
from pvsim_common.checkpoint import Checkpoint


class Crash(BaseException):
    """The process died; nobody handles that."""


class BreakingDisk(Disk):
    """Notes each call by its name; what dies in the middle of something leaves a part of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.left: int | None = None  # calls until the process dies; None: it lives
        self.share = 0.5  # how much of what is being written then gets to the disk
        self.errors: dict[str, list[OSError]] = {}  # of the next calls of a name

    def _call(self, name: str, part: Callable[[], None] = lambda: None) -> None:
        if self.left is not None:
            if self.left <= 0:
                if self.left == 0:
                    part()
                self.left = -1
                raise Crash(name)
            self.left -= 1
        self.calls.append(name)
        if self.errors.get(name):
            part()
            raise self.errors[name].pop(0)

    def create(self, path: Path) -> int:
        """See Disk."""
        self._call("create")
        return super().create(path)

    def write(self, descriptor: int, content: bytes) -> None:
        """See Disk."""
        self._call("write", lambda: _write(descriptor, content[: int(len(content) * self.share)]))
        super().write(descriptor, content)

    def sync(self, descriptor: int) -> None:
        """See Disk."""
        self._call("sync")
        super().sync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """See Disk."""
        self._call("truncate")
        super().truncate(descriptor, size)

    def rename(self, path: Path, to: Path) -> None:
        """See Disk."""
        self._call("rename")
        super().rename(path, to)

    def remove(self, path: Path) -> None:
        """See Disk."""
        self._call("remove")
        super().remove(path)

    def sync_directory(self, directory: Path) -> None:
        """See Disk."""
        self._call("sync_directory")
        super().sync_directory(directory)

    def write_checkpoint(self, directory: Path, checkpoint: Checkpoint) -> None:
        """See Disk."""
        self._call("write_checkpoint", lambda: _leave(directory / "checkpoint.json.tmp"))
        super().write_checkpoint(directory, checkpoint)

    def compress(self, path: Path, to: Path, *, stopped: Callable[[], bool]) -> bool:
        """See Disk."""
        self._call("compress", lambda: _leave(to))
        return super().compress(path, to, stopped=stopped)


def _write(descriptor: int, content: bytes) -> None:
    os.write(descriptor, content)


def _leave(path: Path) -> None:
    path.write_bytes(b"half of wha")
