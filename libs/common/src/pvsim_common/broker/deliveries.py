"""Messages as the broker delivers them."""

from typing import NamedTuple

from pika.channel import Channel
from pika.spec import BasicProperties

from pvsim_common.broker.frames import unreadable


class Delivery(NamedTuple):
    """A message as it came, and on which channel: an ack is of use on that one only."""

    channel: Channel
    tag: int
    properties: BasicProperties
    body: bytes
    alone: bool
    """Whether no other message is unacknowledged meanwhile."""

    @property
    def failed(self) -> int:
        """How many deliveries of it ended without an acknowledgement, with this or another consumer."""
        count = (self.properties.headers or {}).get("x-delivery-count")
        return count if isinstance(count, int) else 0

    @property
    def unreadable(self) -> str | None:
        """Why it has come without its properties, None where it has them."""
        return unreadable(self.properties)


class Refused(NamedTuple):
    """A message that is not taken, and why."""

    delivery: Delivery
    reason: str
