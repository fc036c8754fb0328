"""The log of refused messages: each of a few, and the number of those in a flood."""

import time
from collections.abc import Callable

import structlog

_MOST, _PERIOD_S = 20, 10.0


class Refusals:
    """Logs at most 20 refused messages in 10 seconds, then how many more there were."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._log = structlog.get_logger()
        self._begin = monotonic()
        self._said = 0
        self._unsaid = 0

    def say(self, event: str, **fields: object) -> None:
        """Log one, if it is not one too many."""
        self.catch_up()
        if self._said < _MOST:
            self._said += 1
            self._log.warning(event, **fields)
        else:
            self._unsaid += 1

    def catch_up(self) -> None:
        """At the end of a period, tell how many were not logged in it."""
        if self._monotonic() - self._begin < _PERIOD_S:
            return
        if self._unsaid:
            self._log.warning("refusals_not_logged", messages=self._unsaid, seconds=round(_PERIOD_S))
        self._begin, self._said, self._unsaid = self._monotonic(), 0, 0
