"""A small filesystem of its own for a journal, where this user may mount one."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_BLOCK = bytes(1024 * 1024)


@contextlib.contextmanager
def small_volume(directory: Path, *, size: int) -> Iterator[bool]:
    """Mount a filesystem of so many bytes there for a while; whether that was possible."""
    directory.mkdir(parents=True)
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    command = [*as_root, "mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", str(directory)]
    mounted = shutil.which(command[0]) is not None and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run([*as_root, "umount", "--lazy", str(directory)], check=True, timeout=60)


def fill(path: Path) -> None:
    """Fill the file's filesystem to the last block. Raises OSError where it has more room than a small one."""
    with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        for block in (_BLOCK, _BLOCK[:4096], b"x"):
            with contextlib.suppress(OSError):
                while file.tell() < 2**30:
                    file.write(block)
