"""How many messages wait in some queues, as the broker said last."""

from collections.abc import Iterable, Iterator

from pika.channel import Channel
from pika.frame import Method
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from pvsim_common.broker.connection import Connection
from pvsim_common.broker.queues import Queue


class Depths(Collector):
    """Remembers the answers to declarations of queues; served as a metric while the connection is open."""

    def __init__(self, connection: Connection, queues: Iterable[Queue], registry: CollectorRegistry) -> None:
        self._connection = connection
        self._names = [queue.name for queue in queues]
        self._ready: dict[str, int] = {}
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """What is known now. Without a connection that is nothing: an old number would look like a steady one."""
        known = dict(self._ready) if self._connection.is_connected() else {}
        ready = GaugeMetricFamily("pvsim_queue_ready_messages", "Messages that wait in a queue.", labels=["queue"])
        for name in self._names:
            if name in known:
                ready.add_metric([name], known[name])
        yield ready

    def most(self) -> int:
        """The largest of the depths, 0 where none is known."""
        return max((self._ready.get(name, 0) for name in self._names), default=0)

    # What follows runs in the connection's thread.

    def forget(self) -> None:
        """Begin anew, on a new connection."""
        self._ready = {}

    def told(self, frame: Method) -> None:
        """Take the broker's answer to a declaration."""
        self._ready[frame.method.queue] = frame.method.message_count

    def ask(self, channel: Channel, queue: Queue, *, every_s: float) -> None:
        """Ask from now on, as long as the channel is open.

        The queue is declared as it was at first, so one that somebody deleted meanwhile is there again.
        """
        if channel.is_open:
            channel.queue_declare(queue.name, durable=True, arguments=queue.arguments, callback=self.told)
            self._connection.later(every_s, lambda: self.ask(channel, queue, every_s=every_s))
