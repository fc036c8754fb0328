"""What is acknowledged is on disk."""

import numpy as np

from pvsim.recording import Recording
from pvsim.records import Records


class Told:
    """A journal and its batches: what was asked of them, in order."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def append(self, records: Records) -> None:
        """As Journal's."""
        self.events.append(f"append {len(records.sites)}")

    def settle(self) -> None:
        """As Journal's."""
        self.events.append("settle")


class FakeBatch:
    """A batch that tells when it is acknowledged."""

    def __init__(self, name: str, told: Told) -> None:
        self._name, self._told = name, told

    def ack(self, *, recorded: int) -> None:
        """As Batch's."""
        self._told.events.append(f"ack {self._name} {recorded}")


def records(count: int) -> Records:
    zeros = np.zeros(count, dtype=np.int64)
    return Records(["home-1"] * count, zeros, zeros, zeros)


def test_a_batch_is_acknowledged_when_the_next_is_being_written_or_when_there_is_nothing_to_do() -> None:
    told = Told()
    recording = Recording(told)

    recording.record(FakeBatch("a", told), records(3))
    recording.record(FakeBatch("b", told), records(2))
    recording.finish()
    recording.finish()

    assert told.events == ["append 3", "append 2", "ack a 3", "settle", "ack b 2"]


def test_a_batch_of_nothing_new_is_acknowledged_too() -> None:
    told = Told()
    recording = Recording(told)

    recording.record(FakeBatch("a", told), records(0))
    recording.finish()

    assert told.events == ["append 0", "settle", "ack a 0"]
