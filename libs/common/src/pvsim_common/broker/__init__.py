"""The message broker, RabbitMQ: the only package that imports pika; reconnecting lives here and nowhere else."""

from pvsim_common.broker.batch import Batch
from pvsim_common.broker.connection import Address, BrokerError
from pvsim_common.broker.inspection import Quarantined, Result, Verdict, inspect
from pvsim_common.broker.position import Position, read_positions
from pvsim_common.broker.publisher import Publisher
from pvsim_common.broker.queues import partition_of
from pvsim_common.broker.subscriber import Subscriber
from pvsim_common.broker.suspects import SUSPECTS
from pvsim_common.broker.waiting import waiting_messages

__all__ = [
    "SUSPECTS",
    "Address",
    "Batch",
    "BrokerError",
    "Position",
    "Publisher",
    "Quarantined",
    "Result",
    "Subscriber",
    "Verdict",
    "inspect",
    "partition_of",
    "read_positions",
    "waiting_messages",
]
