"""The services of a chain as real processes, with a real broker."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pika

from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess

QUEUES = [f"{name}.{n}{rest}" for n in range(4) for name, rest in (("readings", ""), ("meter", ".position"))]

Start = Callable[..., ServiceProcess]


def remove_queues(node: RabbitNode) -> None:
    """Leave no queue of ours in a broker."""
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        for queue in [*QUEUES, "readings.quarantine"]:
            connection.channel().queue_delete(queue)


@contextmanager
def launching(node: RabbitNode, directory: Path) -> Iterator[Start]:
    """Makes processes of services from a name and settings, not started yet; they are killed at the end."""
    numbers = count()
    with ExitStack() as stack:

        def make(name: str, **settings: object) -> ServiceProcess:
            arguments = {"http-port": 0} | {key.replace("_", "-"): value for key, value in settings.items()}
            if name != "meter":
                arguments.setdefault("journal-directory", directory / "journal")
            secrets = {} if name == "exporter" else {"PVSIMULATOR_BROKER_URL": node.url}
            process = ServiceProcess(name, directory / f"{name}-{next(numbers)}.log", arguments, secrets)
            stack.callback(process.kill)
            return process

        yield make


def ports_of(services: Mapping[str, ServiceProcess], node: RabbitNode) -> dict[str, int]:
    """What there is to scrape: services that were started, and their broker."""
    ports = {name: urlsplit(service.address(timeout_s=60)).port or 0 for name, service in services.items()}
    return ports | {"rabbitmq": node.identity.prometheus_port}
