"""A thread that writes one batch while the next is made: a disk takes longer to sync than a model to compute."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Writer:
    """Does one thing at a time, in the order it was told; what went wrong is raised to who waits for it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._under_way: Future[None] | None = None

    def begin(self, action: Callable[[], None]) -> None:
        """Begin with this once what was begun before is done. Raises what that raised, and then does not begin."""
        self.finish()
        self._under_way = self._thread.submit(action)

    def finish(self) -> None:
        """Wait until what was begun is done. Raises what it raised, once."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def close(self) -> None:
        """Wait, whatever it raises, and end the thread."""
        self._thread.shutdown()
