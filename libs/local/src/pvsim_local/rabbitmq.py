"""A private RabbitMQ node: a child process on loopback ports, with all of its files in one directory."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from pvsim_local.marks import end, mark, marked
from pvsim_local.ports import LOOPBACK
from pvsim_local.rabbitmq_files import NodeIdentity, environment, load_identity, write_configuration

PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
LAST_LINES = 20


class BrokerError(RuntimeError):
    """A broker that does not start; the message says why."""


class RabbitNode:
    """A private RabbitMQ node with all it writes under `directory`; the next one there goes on with the same data."""

    def __init__(self, directory: Path, *, plugins: tuple[str, ...] = ()) -> None:
        self.directory = directory.resolve()
        self._plugins = plugins
        self._identity: NodeIdentity | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def identity(self) -> NodeIdentity:
        """Login and ports, known from the first start on."""
        if self._identity is None:
            raise BrokerError("the node has no ports before its first start")
        return self._identity

    @property
    def url(self) -> str:
        """Where and as whom to connect: amqp://user:password@127.0.0.1:port/."""
        return f"amqp://{self.identity.user}:{self.identity.password}@{LOOPBACK}:{self.identity.amqp_port}/"

    @property
    def log_file(self) -> Path:
        """What the server has to say, from level warning."""
        return self.directory / "log" / "rabbitmq.log"

    def start(self, *, timeout_s: float = 60.0) -> None:
        """Start the server and wait until it takes connections; raises BrokerError and leaves nothing behind."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        end(marked(self.directory))  # a run that was killed could not stop its node
        self._identity = load_identity(self.directory)
        self._spawn()
        try:
            self.wait_ready(timeout_s)
        except BaseException:
            self.kill()
            raise

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Wait until a client is greeted."""
        wait_until_greeted(self.identity.amqp_port, self.is_running, self.log_file, timeout_s)

    def is_running(self) -> bool:
        """Whether the server process lives."""
        return self._server is not None and self._server.poll() is None

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Stop the server in good order; one that takes longer than `timeout_s` is killed."""
        try:
            if self._server is not None and self.is_running():
                self._server.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._server.wait(timeout_s)
        finally:  # also when somebody who is tired of waiting presses Ctrl-C
            self.kill()

    def kill(self) -> None:
        """Kill the server as a crash would, and end its epmd, which would outlive it."""
        if self._server is not None:
            if self.is_running():
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
        end(marked(self.directory))

    def restart(self) -> None:
        """Stop where still running, then start on the same data and ports."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _spawn(self) -> None:
        write_configuration(self.directory, self.identity, self._plugins)
        self.log_file.parent.mkdir(exist_ok=True)
        with (self.directory / "log" / "console.log").open("wb") as console:
            self._server = subprocess.Popen(
                [server_command()],
                env=environment(self.directory, self.identity) | mark(self.directory),
                cwd=self.directory,  # of a crash dump
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a terminal's Ctrl-C is for the launcher, which stops the broker last
            )


def server_command() -> str:
    """The server's start script, not its wrapper in sbin that switches to another user. Raises BrokerError."""
    on_path = shutil.which("rabbitmq-server", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    for candidate in (Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), Path(on_path) if on_path else None):
        if candidate is not None and candidate.exists():
            return str(candidate)
    raise BrokerError("rabbitmq-server is not installed")


def wait_until_greeted(port: int, is_running: Callable[[], bool], log_file: Path, timeout_s: float) -> None:
    """Wait until a server greets its clients; raises BrokerError with the last words of its logs."""
    deadline = time.monotonic() + timeout_s
    while not _greets(port):
        if not is_running():
            raise BrokerError(f"RabbitMQ ended while starting:\n{_last_words(log_file.parent)}")
        if time.monotonic() > deadline:
            raise BrokerError(f"RabbitMQ was not ready within {timeout_s:g} s:\n{_last_words(log_file.parent)}")
        time.sleep(0.1)


def _greets(port: int) -> bool:
    """Whether an AMQP server answers: the first byte of its first frame is 1, a method."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0) as connection:
            connection.sendall(PROTOCOL_HEADER)
            return connection.recv(1) == b"\x01"
    except OSError:
        return False


def _last_words(directory: Path) -> str:
    texts = [path.read_text(errors="replace") for path in sorted(directory.glob("*.log"))]
    return "\n".join("".join(texts).splitlines()[-LAST_LINES:])
