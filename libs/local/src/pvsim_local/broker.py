"""Find a broker for `make run`, or start one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pvsim_local.docker import DockerNode, docker_works
from pvsim_local.rabbitmq import BrokerError, RabbitNode, server_command

WHAT_TO_INSTALL = (
    "make run needs a RabbitMQ. Install one (sudo apt-get install rabbitmq-server, or brew install rabbitmq), "
    "start docker, or name one: make run BROKER_URL=amqp://user:password@host:5672/"
)


@dataclass(frozen=True)
class Broker:
    """A broker that takes connections: where, what to call it, and whether it still runs as far as we can know."""

    url: str
    description: str
    is_running: Callable[[], bool]
    metrics_port: int | None = None
    """Where its Prometheus plugin listens, of a private node."""


@contextmanager
def broker_for(broker_url: str | None, directory: Path) -> Iterator[Broker]:
    """The broker of that URL, else a private node, else a container; raises BrokerError where there is none of them."""
    if broker_url:
        yield Broker(broker_url, f"at {_without_login(broker_url)}, as given", lambda: True)
        return
    kind, node = _node(directory)
    with node:
        description = f"{kind} at {_without_login(node.url)}, its data and login in {directory}"
        metrics_port = node.identity.prometheus_port if isinstance(node, RabbitNode) else None
        yield Broker(node.url, description, node.is_running, metrics_port)


def _node(directory: Path) -> tuple[str, RabbitNode | DockerNode]:
    if _is_installed():
        return "a private node", RabbitNode(directory / "rabbitmq", plugins=("rabbitmq_prometheus",))
    if docker_works():
        return "a container", DockerNode(directory / "docker")
    raise BrokerError(WHAT_TO_INSTALL)


def _is_installed() -> bool:
    try:
        server_command()
    except BrokerError:
        return False
    return True


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or 5672}"
