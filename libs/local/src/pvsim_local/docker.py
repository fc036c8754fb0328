"""A RabbitMQ in a container: for a machine that has docker but no RabbitMQ."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

from pvsim_local.marks import end, mark, marked
from pvsim_local.ports import LOOPBACK
from pvsim_local.rabbitmq import BrokerError, wait_until_greeted
from pvsim_local.rabbitmq_files import load_identity, write_private

IMAGE = "rabbitmq:4.1-alpine"
DATA = "/var/lib/rabbitmq"  # where the image keeps everything


class DockerNode:
    """A RabbitMQ container with its data under `directory`; it is removed when it stops, the data are not."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        self._client: subprocess.Popen[bytes] | None = None
        self._name = ""
        self.url = ""

    def start(self, *, timeout_s: float = 300.0) -> None:
        """Start the container, which may have to be pulled first, and wait until it takes connections."""
        (self._directory / "data").mkdir(parents=True, exist_ok=True, mode=0o700)
        identity = load_identity(self._directory)
        self._name = f"pvsim-rabbitmq-{identity.amqp_port}"
        self.url = f"amqp://{identity.user}:{identity.password}@{LOOPBACK}:{identity.amqp_port}/"
        settings = f"default_user = {identity.user}\ndefault_pass = {identity.password}\nlog.console.level = warning\n"
        write_private(self._directory / "rabbitmq.conf", settings)
        self._remove_container()  # of a run that was killed
        try:
            self._client = self._spawn(identity.amqp_port)
            wait_until_greeted(identity.amqp_port, self.is_running, self._log_file, timeout_s)
        except BaseException:
            self.stop()
            raise

    def is_running(self) -> bool:
        """Whether the container runs, as its client sees it."""
        return self._client is not None and self._client.poll() is None

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Stop and remove the container."""
        try:
            if self.is_running():
                _docker("stop", "--time", f"{timeout_s:.0f}", self._name)
        finally:
            self._remove_container()
            end(marked(self._directory))
            if self._client is not None:
                self._client.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def _log_file(self) -> Path:
        return self._directory / "container.log"

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
        user = f"{os.getuid()}:{os.getgid()}"  # the data belong to who runs this, and nobody else reads the login
        configuration = f"{self._directory / 'rabbitmq.conf'}:/etc/rabbitmq/conf.d/90-local.conf:ro"
        options = ["--rm", "--name", self._name, "--hostname", "pvsim", "--user", user, "--env", f"HOME={DATA}"]
        volumes = ["--volume", f"{self._directory / 'data'}:{DATA}", "--volume", configuration]
        with self._log_file.open("wb") as log:
            return subprocess.Popen(
                ["docker", "run", *options, *volumes, "--publish", f"{LOOPBACK}:{port}:5672", IMAGE],
                env=os.environ | mark(self._directory),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _remove_container(self) -> None:
        _docker("rm", "--force", self._name)


def docker_works() -> bool:
    """Whether a docker daemon answers."""
    return shutil.which("docker") is not None and _docker("version") == 0


def _docker(*arguments: str) -> int:
    with contextlib.suppress(FileNotFoundError):
        return subprocess.run(["docker", *arguments], capture_output=True, check=False).returncode
    raise BrokerError("docker is not installed")
