"""Messages as the broker delivers them."""

from typing import NamedTuple

from pika.channel import Channel
from pika.spec import BasicProperties

from pvsim_common.broker.properties import decoded


class Delivery(NamedTuple):
    """A message as it came, and on which channel: an ack is of use on that one only."""

    channel: Channel
    tag: int
    encoded_properties: bytes
    body: bytes
    failed: int = 0
    """How many deliveries of it ended without an acknowledgement, with this or another consumer."""
    alone: bool = False
    """Whether no other message is unacknowledged meanwhile."""
    published_ms: int | None = None
    """When it was published [ms since 1970], where its publisher says so."""
    unreadable: str | None = None
    """Why it has to be taken without its properties."""

    @property
    def properties(self) -> BasicProperties:
        """What its publisher says of it: decoded each time, for few are asked."""
        return decoded(self.encoded_properties)


class Refused(NamedTuple):
    """A message that is not taken, and why."""

    delivery: Delivery
    reason: str
