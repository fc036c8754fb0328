"""Whose journal a directory holds: one process at a time, and one simulation."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from pvsim_common.segments import Identity, IdentityMismatchError, archive, claim, read_identity, write_identity

_EVERY_S = 0.5
_RESIZE = "`Resizing` in docs/operations.md tells how to change the number of partitions without losing a reading"
_OTHERS = "each pvsim needs a directory of its own"
_ARCHIVE = "journal_on_change=archive moves it aside and begins a new one"
OnChange = Literal["stop", "archive", "takeover"]


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


def claim_or_archive(directory: Path, identity: Identity, on_change: OnChange, wait: Callable[[float], bool]) -> None:
    """Make sure that the directory's journal is this one; another is moved aside where that is asked for.

    With takeover a new journal is not begun here: `pvsim takeover` does that, and is waited for.
    Raises IdentityMismatchError where it is not, and SystemExit where the service shall stop meanwhile.
    """
    try:
        _claim(directory, identity, on_change, wait)
    except IdentityMismatchError as error:
        if on_change == "stop":
            raise IdentityMismatchError(f"{error} ({_hint(directory, identity)})") from error
        aside = archive(directory)
        structlog.get_logger().warning("journal_archived", directory=str(aside), reason=str(error))
        _claim(directory, identity, on_change, wait)


def _claim(directory: Path, identity: Identity, on_change: OnChange, wait: Callable[[float], bool]) -> None:
    if on_change == "takeover":
        _await_takeover(directory, wait)
    elif read_identity(directory) == msgspec.structs.replace(identity, handed_over=True):
        structlog.get_logger().warning("handover_void", directory=str(directory), hint="this journal goes on itself")
        write_identity(directory, identity)
    claim(directory, identity)


def _await_takeover(directory: Path, wait: Callable[[float], bool]) -> None:
    if read_identity(directory) is None:
        structlog.get_logger().warning("takeover_awaited", directory=str(directory), hint="pvsim takeover begins it")
    while read_identity(directory) is None:
        if wait(_EVERY_S):
            raise SystemExit(0)


def _hint(directory: Path, identity: Identity) -> str:
    """What to do about the journal that is there."""
    found = read_identity(directory)
    if found and found.partitions != identity.partitions:
        return _RESIZE
    return _OTHERS if found and found.partition != identity.partition else _ARCHIVE
