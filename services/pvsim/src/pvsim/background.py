"""A thread for work that must not delay the journal, and whose failures must not end it."""

import threading
from types import TracebackType
from typing import Self

import structlog

from pvsim.upkeep import Upkeep

_EVERY_S = 60.0  # retention goes by age also while no segment is closed
_RETRY_S = 5.0
_LONGEST_STOP_S = 3.0


class Background:
    """Turns the upkeep when a segment was closed and once a minute; what fails is told once and tried again."""

    def __init__(self, upkeep: Upkeep, *, retry_s: float = _RETRY_S) -> None:
        self._upkeep = upkeep
        self._retry_s = retry_s
        self._log = structlog.get_logger()
        self._stopping = False
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stopping = True
        self._upkeep.stop()
        self._thread.join(_LONGEST_STOP_S)

    def problem(self) -> str | None:
        """Why the last turn failed, None where it did not."""
        return self._problem

    def _run(self) -> None:
        while True:
            self._upkeep.offered.clear()
            if self._stopping:  # asked after clearing, so that no stop is cleared away unseen
                return
            self._turn()
            self._upkeep.offered.wait(self._retry_s if self._problem else _EVERY_S)

    def _turn(self) -> None:
        try:
            self._upkeep.turn()
        except Exception as error:  # whatever it is: the journal goes on, and so does the next turn
            if self._problem is None:
                self._log.exception("upkeep_failed", retry_s=self._retry_s)
            self._problem = str(error)
        else:
            if self._problem is not None:
                self._log.info("upkeep_goes_on")
            self._problem = None
