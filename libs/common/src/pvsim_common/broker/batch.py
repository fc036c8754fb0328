"""Messages that are handled together."""

from collections.abc import Callable

from pvsim_common.broker.deliveries import Delivery, Refused
from pvsim_common.messages import Admitted


class Batch:
    """Readings that came together. Acknowledge it when they are safe."""

    def __init__(self, acknowledge: Callable[["Batch", int], None]) -> None:
        self._acknowledge = acknowledge
        self.readings: list[Admitted] = []
        self.refused: list[Refused] = []
        self.tags: list[int] = []  # of all messages
        self.published_ms: list[int] = []
        self.count = 0
        self.last: Delivery | None = None
        self.suspect: Delivery | None = None  # the only message, where it is one

    def ack(self, *, recorded: int) -> None:
        """Let the broker forget these messages; so many of their readings were recorded, the rest were duplicates."""
        self._acknowledge(self, recorded)
