"""Worker processes that end with the work: asked to stop, they clean up, and they outlive nobody."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class StoppedError(Exception):
    """This process was asked to stop."""


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes; where the block is left by an error they stop as soon as they can."""
    context = multiprocessing.get_context("spawn")  # a fork would inherit locks of threads that it has not
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)
    try:
        _start(executor)
        yield executor
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def ordered(
    executor: ProcessPoolExecutor, task: Callable[[Argument], Result], arguments: Iterable[Argument], *, ahead: int
) -> Iterator[tuple[Argument, Result]]:
    """Each argument with its result, in their order; at most so many are worked on or wait to be fetched."""
    pending: deque[tuple[Argument, Future[Result]]] = deque()
    for argument in arguments:
        pending.append((argument, executor.submit(_run, task, argument)))
        if len(pending) > ahead:
            first, future = pending.popleft()
            yield first, future.result()
    for last, future in pending:
        yield last, future.result()


def go_on() -> None:
    """Raise StoppedError where this is a worker that was asked to stop: between the steps of a long task."""
    ear = signal.getsignal(signal.SIGTERM)
    if isinstance(ear, _Ear) and ear.heard:
        raise StoppedError


class _Ear:
    """Hears that the process shall stop: not at once, since what it sends to the others must be whole."""

    heard = False

    def __call__(self, *_: object) -> None:
        self.heard = True


def _start(executor: ProcessPoolExecutor) -> None:
    """Start the processes, deaf for Ctrl-C, which goes to all: the first of them says what to do."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        executor.submit(_run, len, ())
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _begin() -> None:
    signal.signal(signal.SIGTERM, _Ear())
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _run(task: Callable[[Argument], Result], argument: Argument) -> Result:
    go_on()
    return task(argument)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
