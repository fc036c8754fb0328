"""What a publisher has not had confirmed yet, in order, within a window."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

WINDOW_MESSAGES = 1000
WINDOW_BYTES = 8 * 1024 * 1024
_TAKEN_BYTES = 128 * 1024


class Outgoing(NamedTuple):
    """A message on its way; kept until the broker has confirmed it."""

    queue: str
    body: bytes
    message_id: str
    readings: int


class Outbox:
    """Messages in the order they were put, each known by a number; safe between two threads.

    The window bounds memory: at most 1000 messages, or 8 MiB and one message, wait for their confirms.
    Bodies are kept, not made again: a resend then needs nothing but this, however long the next instant is off.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._messages: OrderedDict[int, tuple[Outgoing, int | None]] = OrderedDict()  # with what is complete before
        self._unsent: deque[int] = deque()
        self._bytes = 0
        self._next = 0
        self._complete: int | None = None

    def put(self, messages: Sequence[Outgoing], *, give_up: Callable[[], bool]) -> bool:
        """Add messages, waiting while the window is full; False if there was a reason to give up meanwhile.

        Each time before it waits it asks whether to give up: the caller may see to it then that something is sent.
        """
        with self._changed:
            for message in messages:
                while self._is_full():
                    if give_up():
                        return False
                    self._changed.wait(0.2)
                self._messages[self._next] = message, self._complete
                self._unsent.append(self._next)
                self._bytes += len(message.body)
                self._next += 1
            return True

    def complete(self, instant: int) -> None:
        """Tell that all messages up to this instant have been put."""
        with self._changed:
            self._complete = instant

    def wait_until_empty(self, seconds: float) -> bool:
        """Wait at most so long until every message is confirmed; whether it is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._messages, seconds)

    def confirmed_through(self) -> int | None:
        """The newest instant up to which every message is confirmed; None where there is none."""
        with self._changed:
            return next(iter(self._messages.values()))[1] if self._messages else self._complete

    def take_unsent(self) -> list[tuple[int, Outgoing]]:
        """Take the next messages that have to be sent, 128 KiB or one more than fits, each with its number."""
        taken: list[tuple[int, Outgoing]] = []
        size = 0
        with self._changed:
            while self._unsent and size < _TAKEN_BYTES:
                number = self._unsent.popleft()
                message = self._messages[number][0]
                taken.append((number, message))
                size += len(message.body)
        return taken

    def confirm(self, numbers: Iterable[int]) -> int:
        """Forget messages that the broker has; how many readings they held."""
        readings = 0
        with self._changed:
            was_full = self._is_full()
            for number in numbers:
                message, _ = self._messages.pop(number)
                self._bytes -= len(message.body)
                readings += message.readings
            if was_full or not self._messages:
                self._changed.notify_all()
        return readings

    def send_again(self, numbers: Iterable[int]) -> int:
        """Queue messages that the broker refused, before any others; how many readings they hold."""
        refused = list(numbers)
        with self._changed:
            self._unsent.extendleft(reversed(refused))
            return sum(self._messages[number][0].readings for number in refused)

    def send_all_again(self) -> None:
        """Queue every unconfirmed message: the connection they were sent on is gone."""
        with self._changed:
            self._unsent = deque(self._messages)

    def _is_full(self) -> bool:
        return len(self._messages) >= WINDOW_MESSAGES or self._bytes >= WINDOW_BYTES
