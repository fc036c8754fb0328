"""How many messages a consumer may hold unacknowledged: one at first, then as many as their sizes allow."""

from itertools import takewhile

_SHORTEST_GENERATION = 16  # messages


class Window:
    """Bounds what is unacknowledged to a number of messages and to bytes, or to one message of any size.

    AMQP bounds messages only, so their number follows their sizes: the largest of the last two generations of messages
    has to fit that often. Larger ones that come all of a sudden are noticed when they arrive (`is_exceeded`).
    """

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._sizes: dict[int, int] = {}  # delivery tag -> size of the body [bytes], in ascending order
        self._held = 0  # their sum
        self._largest = self._largest_before = 1  # of this generation and of the one before [bytes]
        self._left = 0  # messages of this generation
        self.size = 1
        """How many messages the broker may send ahead of their acknowledgement."""

    def begin(self) -> None:
        """Begin with one message, on a new channel; what is known of sizes stays known."""
        self._sizes, self._held, self.size = {}, 0, 1

    def arrived(self, tag: int, size: int) -> None:
        """A message of this size [bytes] has arrived."""
        self._sizes[tag] = size
        self._held += size
        if size > self._largest:
            self._largest = size

    def left(self, tag: int, *, multiple: bool) -> None:
        """A message, or all up to it, has been acknowledged."""
        known = list(takewhile(tag.__ge__, self._sizes)) if multiple else [tag]
        self._held -= sum([self._sizes.pop(each, 0) for each in known])
        self._left += len(known)

    def is_exceeded(self) -> bool:
        """Whether more is held than allowed, by more than one message."""
        return self._held > self._most_bytes and len(self._sizes) > 1

    def is_full(self) -> bool:
        """Whether the broker sends nothing more until something is acknowledged, or hardly anything."""
        return len(self._sizes) >= self.size or 2 * self._held > self._most_bytes

    def resized(self) -> bool:
        """Whether the window has to be another from now on: wider at once after one message, else by twice or more."""
        if self._left >= max(_SHORTEST_GENERATION, 2 * self.size):
            self._left, self._largest_before, self._largest = 0, self._largest, 1
        fitting = self._fitting(self._most_bytes)
        if self.size < 2 * fitting and fitting < 2 * self.size:
            return False
        before = self.size
        self.size = self._fitting(self._most_bytes - self._held)  # what is held came within the former window
        return self.size != before

    def _fitting(self, room: int) -> int:
        """How many messages fit into so many bytes, if they are as large as they have been."""
        return max(1, min(self._most, room // max(self._largest, self._largest_before)))
