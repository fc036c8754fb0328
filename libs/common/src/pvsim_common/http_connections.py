"""HTTP connections that are bounded in number, and closed where their client keeps them waiting."""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MAX_HEADER_BYTES = 16 * 1024  # of a request's line and headers; more is answered 400


class BoundedConnection(H11Protocol):
    """A connection whose client has some seconds to ask, to take its answer, and then to ask again or leave.

    One connection too many closes the one that has kept the service waiting longest, so that nobody shuts others out by
    connecting alone; only where all others are being answered is the new one turned away.
    """

    most: ClassVar[int] = 400  # 200 live pages, and room for those who ask once; a process may open 1024 files
    patience_s: ClassVar[float] = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn itself
        """Take a connection, if there is room or room can be made."""
        super().connection_made(transport)
        self._since = self.loop.time()  # when it was made or answered last
        self._seen: tuple[RequestResponseCycle, int] | None = None
        self._timer = self.loop.call_later(self.patience_s, self._look)
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._since = self.loop.time()
        super().on_response_complete()

    def _make_room(self) -> None:
        others = [other for other in self.connections if isinstance(other, BoundedConnection) and other is not self]
        open_ = [other for other in others if not other.transport.is_closing()]
        if len(open_) >= self.most:
            waiting = [other for other in open_ if other._waits()]
            min(waiting, key=lambda other: other._since, default=self).transport.abort()

    def _look(self) -> None:
        """Close it if it waits for its client and nothing has happened since it was looked at last."""
        seen = (self.cycle, self.transport.get_write_buffer_size())
        if self._waits() and seen == self._seen:
            self.transport.abort()
        self._seen = seen
        self._timer = self.loop.call_later(self.patience_s, self._look)

    def _waits(self) -> bool:
        """Whether its client has to do something: to ask, or to take what it asked for."""
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever uvicorn declares
        return cycle is None or cycle.response_complete or self.transport.get_write_buffer_size() > 0
