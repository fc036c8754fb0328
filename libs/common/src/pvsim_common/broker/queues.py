"""The queues: their names and arguments, final from the start, since other arguments close the channel (406)."""

import zlib
from typing import Any, NamedTuple

# Never drop a message for having been delivered often: every crash of a consumer counts for each message it held.
# -1 would mean none at all on RabbitMQ 3.x, and unset means 20 on 4.x.
_DELIVERY_LIMIT = 1_000_000_000


class Queue(NamedTuple):
    """A queue's name and its arguments."""

    name: str
    arguments: dict[str, Any]


def readings_queue(partition: int) -> Queue:
    """The readings of one partition, in order: read by a single consumer at a time."""
    return _quorum_queue(f"readings.{partition}", {"x-single-active-consumer": True})


def quarantine_queue() -> Queue:
    """Messages that could not be understood, with the reason; full means refused, not forgotten."""
    limits = {"x-max-length": 100_000, "x-max-length-bytes": 2**28, "x-overflow": "reject-publish"}
    return _quorum_queue("readings.quarantine", limits)


def position_queue(shard: int) -> Queue:
    """Where one meter replica is: its newest position only."""
    return _quorum_queue(f"meter.{shard}.position", {"x-max-length": 1, "x-overflow": "drop-head"})


def partition_of(site: str, partitions: int) -> int:
    """The partition that a site's readings go to."""
    return zlib.crc32(site.encode()) % partitions


def _quorum_queue(name: str, arguments: dict[str, Any]) -> Queue:
    return Queue(name, {"x-queue-type": "quorum", "x-delivery-limit": _DELIVERY_LIMIT, **arguments})
