"""Run programs together: started in order, stopped in the opposite order, all stopped when one of them fails."""

import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import DEVNULL
from types import FrameType

from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Popen, Process

from pvsim_local.marks import end, mark, marked
from pvsim_local.programs import ChainFailedError, Child, Program

CANNOT_RUN = 127  # as a shell says it
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Chain(Manager):
    """honcho's manager, but with an order, patience, a program that may finish, and threads instead of processes.

    `between` is called about five times a second and may raise ChainFailedError as well.
    """

    def __init__(
        self,
        programs: list[Program],
        *,
        directory: Path,
        between: Callable[[], None] = lambda: None,
        stop_timeout_s: float = 30.0,
    ) -> None:
        super().__init__(Printer(sys.stdout, time_format=""))
        self.events: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._process_ctor = _Process
        self._directory = directory
        self._between = between
        self._stop_timeout_s = stop_timeout_s
        self._stop_requests = 0
        self._children = {program.name: Child(program) for program in programs}

    def loop(self) -> None:
        """Run the programs until a signal or a failure, then stop them; `returncode` says how it went."""
        self.returncode = 0
        end(marked(self._directory))  # of a run that was killed
        with self._counting_stop_signals():
            try:
                self._start()
                self._follow()
                say("Stopping ... (Ctrl-C again does not wait for what is under way)")
            except ChainFailedError as failure:
                self.returncode = 1
                say(f"Stopping, because {failure}")
            finally:
                self._stop_in_order()

    def _start(self) -> None:
        for name, child in self._children.items():
            environment = child.program.environment | mark(self._directory)
            process = self.add_process(name, child.program.command, env=environment)
            threading.Thread(target=process.run, args=(self.events,), name=name, daemon=True).start()
            while child.pid is None and not child.has_ended():
                self._take_event()

    def _follow(self) -> None:
        finished: set[str] = set()
        while not self._stop_requests:
            self._take_event()
            for child in self._children.values():
                if child.has_ended() and child.program.name not in finished:
                    child.raise_unless_finished()
                    finished.add(child.program.name)
                    say(f"{child.program.name} has finished its run; the others go on (Ctrl-C stops them).")
            self._between()

    def _take_event(self) -> None:
        try:
            event = self.events.get(timeout=0.2)
        except queue.Empty:
            return
        child = self._children[event.name]
        if event.type == "line":
            child.last_lines.append(event.data.decode(errors="replace").rstrip())
            self._printer.write(event)
        elif event.type == "start":
            child.pid = event.data["pid"]
        else:
            child.returncode = event.data["returncode"]

    def _stop_in_order(self) -> None:
        for child in reversed(self._children.values()):
            self._stop(child)
        end(marked(self._directory))

    def _stop(self, child: Child) -> None:
        """Stop a program: SIGTERM, then SIGKILL when its time is over or a second signal insists."""
        if child.pid is None or child.has_ended():
            return
        self._procmgr.terminate(child.pid)
        deadline = time.monotonic() + self._stop_timeout_s
        while not child.has_ended() and time.monotonic() < deadline and self._stop_requests < 2:
            self._take_event()
        if not child.has_ended():
            say(f"{child.program.name} did not stop in time and is killed.")
            self._procmgr.kill(child.pid)
        elif child.returncode not in (0, -signal.SIGTERM):  # the latter: it had not even begun
            self.returncode = self.returncode or 1
            say(f"{child.ending} when asked to stop.")

    @contextmanager
    def _counting_stop_signals(self) -> Iterator[None]:
        def count(_number: int, _frame: FrameType | None) -> None:
            self._stop_requests += 1

        former = {number: signal.signal(number, count) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


class _Process(Process):
    """honcho's process, but without a shell and without the terminal's input."""

    def __init__(self, command: list[str], **options: object) -> None:
        super().__init__(command, **options)
        self._child_ctor = partial(Popen, shell=False, stdin=DEVNULL)

    def run(self, events: "queue.SimpleQueue[Message]") -> None:
        """Run the program and report its start, its lines and its end."""
        try:
            super().run(events)
        except OSError as error:
            self._send_message(f"{error}\n".encode())
            self._send_message({"returncode": CANNOT_RUN}, type="stop")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)
