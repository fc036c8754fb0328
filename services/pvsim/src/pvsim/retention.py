"""Which closed segments may go: the oldest, by age and by bytes."""

from collections.abc import Sequence
from typing import NamedTuple


class Closed(NamedTuple):
    """A closed segment that is on disk."""

    number: int
    size: int  # on disk [bytes]
    written: float  # when its last record was [s since 1970]


class Retention(NamedTuple):
    """How long [s] and how much [bytes] is kept of closed segments; None: without a limit."""

    age_s: float | None = None
    size: int | None = None


def removable(segments: Sequence[Closed], retention: Retention, *, covered: int, now: float) -> list[int]:
    """The numbers of those to remove, the oldest first; never one that the checkpoint does not cover."""
    numbers = []
    left = sum(segment.size for segment in segments)
    for segment in sorted(segments):
        old = retention.age_s is not None and now - segment.written > retention.age_s
        many = retention.size is not None and left > retention.size
        if segment.number > covered or not (old or many):
            break
        numbers.append(segment.number)
        left -= segment.size
    return numbers
