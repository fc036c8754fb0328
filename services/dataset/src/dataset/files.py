"""Where a file of a data set goes: under its name only when it is complete and on disk, or to standard output."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from pvsim_common.segments import sync_directory


@contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """A file to write, None for standard output. Raises OSError that names it."""
    try:
        with _standard_output() if path is None else _file(path) as file:
            yield file
    except OSError as error:
        error.filename = str(path or "standard output")
        raise


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except OSError:  # what is left in the buffer goes nowhere, or the interpreter tries again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _file(path: Path) -> AbstractContextManager[BinaryIO]:
    """A device or a pipe is written to as it is: no file may replace it."""
    return path.open("wb") if path.exists() and not path.is_file() else _replaced(path)


@contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    """A file with another name that takes its own in the end; of one that is not finished nothing is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with partial.open("xb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def remove_remains(path: Path) -> None:
    """Remove what killed processes left of this file: one that still writes has its own locked."""
    for partial in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(OSError), partial.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            partial.unlink()
