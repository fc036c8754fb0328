"""Messages as the broker delivers them."""

from typing import NamedTuple

from pika.channel import Channel
from pika.spec import BasicProperties


class Delivery(NamedTuple):
    """A message as it came, and on which channel: an ack is of use on that one only."""

    channel: Channel
    tag: int
    properties: BasicProperties
    body: bytes
    failed: int
    """How many deliveries of it ended without an acknowledgement, with this or another consumer."""
    alone: bool
    """Whether no other message is unacknowledged meanwhile."""


class Refused(NamedTuple):
    """A message that is not taken, and why."""

    delivery: Delivery
    reason: str
