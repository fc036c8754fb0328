"""Whose journal a directory holds: one process at a time, and one simulation."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import structlog

from pvsim_common.segments import Identity, IdentityMismatchError, archive, claim

_EVERY_S = 0.5
OnChange = Literal["stop", "archive"]


def try_lock(directory: Path) -> int | None:
    """The descriptor that holds the directory's lock until it is closed or the process ends; None: another has it."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def wait_for_lock(directory: Path, wait: Callable[[float], bool]) -> int:
    """The same as soon as nobody else holds it. Raises SystemExit where the service shall stop meanwhile."""
    if (descriptor := try_lock(directory)) is not None:
        return descriptor
    structlog.get_logger().warning("journal_in_use", directory=str(directory), hint="waiting for the other pvsim")
    while (descriptor := try_lock(directory)) is None:
        if wait(_EVERY_S):
            raise SystemExit(0)
    return descriptor


def claim_or_archive(directory: Path, identity: Identity, on_change: OnChange) -> None:
    """Make sure that the directory's journal is this one; another is moved aside where that is asked for.

    Raises IdentityMismatchError where it is not.
    """
    try:
        claim(directory, identity)
    except IdentityMismatchError as error:
        if on_change == "stop":
            hint = "journal_on_change=archive moves it aside and begins a new one"
            raise IdentityMismatchError(f"{error} ({hint})") from error
        aside = archive(directory)
        structlog.get_logger().warning("journal_archived", directory=str(aside), reason=str(error))
        claim(directory, identity)
