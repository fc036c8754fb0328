"""A small file system of its own, where root may mount one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_volume(directory: Path, *, kibibytes: int) -> Iterator[Path]:
    """Mount a tmpfs there while the body runs; skips the test where that is not allowed."""
    directory.mkdir()
    mounted = _run("mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", directory)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield directory
    finally:
        assert _run("umount", "--lazy", directory).returncode == 0  # lazy: whoever still looks at it may go on


def grow(directory: Path, *, kibibytes: int) -> None:
    """Give it so much room."""
    assert _run("mount", "-o", f"remount,size={kibibytes}k", directory).returncode == 0


def _run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
