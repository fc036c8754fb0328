"""How many messages wait in the queues of readings, also in those of partitions that nobody consumes any more."""

from itertools import count

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from pvsim_common.broker.connection import Address, BrokerError, one_attempt, why
from pvsim_common.broker.frames import TolerantConnection
from pvsim_common.broker.queues import Queue, readings_queue

_NOT_FOUND = 404


def waiting_messages(address: Address, *, partitions: int) -> dict[str, int]:
    """For each queue of readings that is there, the messages that no pvsim holds; more partitions are looked for.

    Raises BrokerError.
    """
    settings = one_attempt(address, "waiting-messages")
    found: dict[str, int] = {}
    try:
        with pika.BlockingConnection(settings, _impl_class=TolerantConnection) as connection:
            for partition in count():
                queue = readings_queue(partition)
                ready = ready_messages(connection, queue)
                if ready is not None:
                    found[queue.name] = ready
                elif partition >= partitions:
                    break
    except (AMQPError, OSError) as error:
        raise BrokerError(f"the broker cannot be used: {why(error)}") from error
    return found


def ready_messages(connection: pika.BlockingConnection, queue: Queue) -> int | None:
    """The messages of a queue that no consumer holds; None where there is no such queue."""
    channel = connection.channel()
    try:
        declared = channel.queue_declare(queue.name, passive=True)
    except ChannelClosedByBroker as error:
        if error.reply_code == _NOT_FOUND:
            return None
        raise
    channel.close()
    return int(declared.method.message_count)
