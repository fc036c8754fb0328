"""Mark the processes of a directory, so that each can be found and ended by its id, whoever its parent is by now."""

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

MARK = "LOCAL_CHAIN_DIRECTORY"  # not with a prefix of the services, which would take it for a misspelt setting


def mark(directory: Path) -> dict[str, str]:
    """The environment variable that marks a process, and all that it starts, as one of this directory's."""
    return {MARK: str(directory.resolve())}


def marked(directory: Path) -> list[psutil.Process]:
    """This user's living processes that carry the directory's mark; never the calling one."""
    wanted = mark(directory)[MARK]
    return [process for process in psutil.process_iter() if _mark_of(process) == wanted]


def end(processes: Iterable[psutil.Process], *, timeout_s: float = 5.0) -> None:
    """End processes by their ids: SIGTERM, and SIGKILL for what is still there after `timeout_s`."""
    targets = list(processes)
    for process in targets:
        _signal(process.terminate)
    _, alive = psutil.wait_procs(targets, timeout=timeout_s)
    for process in alive:
        _signal(process.kill)
    psutil.wait_procs(alive, timeout=timeout_s)


def _mark_of(process: psutil.Process) -> str | None:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # gone meanwhile, or another user's
        return None


def _signal(send: Callable[[], None]) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        send()
