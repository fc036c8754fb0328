"""Waiting for room on a full disk: nothing is lost meanwhile, since nothing is acknowledged."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from pvsim.disk import NO_ROOM

_EVERY_S = 0.5
Result = TypeVar("Result")


class Room:
    """Does what needs room on the disk, again and again until there is some."""

    def __init__(self, wait: Callable[[float], bool]) -> None:
        """Wait pauses for so many seconds and tells whether the service shall stop."""
        self._wait = wait
        self._log = structlog.get_logger()
        self._problem: str | None = None

    def problem(self) -> str | None:
        """Why nothing is written, None while there is room."""
        return self._problem

    def wait_for(self, action: Callable[[], Result]) -> Result:
        """What the action gives, once there is room. Raises SystemExit if asked to stop while waiting, and OSError."""
        begin = time.monotonic()
        while True:
            try:
                result = action()
            except OSError as error:
                if error.errno not in NO_ROOM:
                    raise
                self._tell(error)
            else:
                self._tell_the_end(begin)
                return result
            if self._wait(_EVERY_S):
                self._log.warning("journal_stopped_without_room", hint="what is not written comes again")
                raise SystemExit(0)

    def _tell(self, error: OSError) -> None:
        if self._problem is None:
            self._log.error("journal_waits_for_room", reason=error.strerror, hint="it goes on by itself")
        self._problem = f"the journal waits for room: {error.strerror}"

    def _tell_the_end(self, begin: float) -> None:
        if self._problem is not None:
            self._log.info("journal_goes_on", waited_s=round(time.monotonic() - begin, 1))
        self._problem = None
