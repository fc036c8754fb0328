"""Record batches: one is written while the next is made, and each is acknowledged once it is on disk."""

from typing import Protocol

from pvsim.records import Records


class Journal(Protocol):
    """Where records go."""

    def append(self, records: Records) -> None:
        """Begin to write; what was begun before is on disk when this returns."""

    def settle(self) -> None:
        """Return when all is on disk."""


class Batch(Protocol):
    """What the broker keeps until it is acknowledged."""

    def ack(self, *, recorded: int) -> None:
        """Let the broker forget it; so many of its readings were recorded."""


class Recording:
    """Knows which batch is being written. At most one is, so what is held unacknowledged stays bounded."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._written: tuple[Batch, int] | None = None  # that which is being written, with its records

    def record(self, batch: Batch, records: Records) -> None:
        """Begin to write the records of a batch; the batch before is on disk then, and acknowledged."""
        self._journal.append(records)
        self._acknowledge()
        self._written = batch, len(records.sites)

    def finish(self) -> None:
        """Return when all is on disk and acknowledged; to be called when there is nothing else to do."""
        if self._written:
            self._journal.settle()
            self._acknowledge()

    def _acknowledge(self) -> None:
        written, self._written = self._written, None
        if written:
            batch, recorded = written
            batch.ack(recorded=recorded)
