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
def pool(workers: int, *, grace_s: int = 10) -> Iterator[ProcessPoolExecutor]:
    """So many processes; where the block is left by an error they stop as soon as they can.

    One that is asked to stop and does not get there in so many seconds ends at once: where another has died, nobody
    takes what it has to send.
    """
    context = multiprocessing.get_context("spawn")  # a fork would inherit locks of threads that it has not
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(grace_s,))
    try:
        _start(executor, workers)
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

    def __init__(self, grace_s: int) -> None:
        self.heard = False
        self._grace_s = grace_s

    def __call__(self, *_: object) -> None:
        self.heard = True
        signal.alarm(self._grace_s)


def _start(executor: ProcessPoolExecutor, workers: int) -> None:
    """Start all processes, deaf for Ctrl-C, which goes to all, and for SIGTERM until they have an ear for it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    try:
        for _ in range(workers):  # a task starts a process as long as none of them waits for one
            executor.submit(_run, len, ())
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT, signal.SIGTERM])


def _begin(grace_s: int) -> None:
    signal.signal(signal.SIGTERM, _Ear(grace_s))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _run(task: Callable[[Argument], Result], argument: Argument) -> Result:
    go_on()
    return task(argument)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
