"""Logging: readable lines on a terminal, JSON anywhere else, UTC, without secrets."""

import logging
import re
import sys
import time
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

_PASSWORD_IN_URL = re.compile(r"(\w+://[^\s/:@]*):[^\s/]+@")  # up to the last @, as a URL is read
_SECRET_NAMES = ("password", "secret", "token", "cookie")


def configure_logging(level: str, stream: TextIO | None = None, *, style: str = "auto") -> None:
    """Send the events of structlog and of logging (pika, uvicorn) to one stream, standard error by default.

    The style is console or json; auto takes console where the stream is a terminal.
    """
    stream = stream or sys.stderr
    timestamper = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[Any] = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, timestamper]
    last: list[Any]
    if style == "console" or (style == "auto" and stream.isatty()):
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain), _redact_line]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(), _redact_line]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    if root.level > logging.DEBUG:  # what they tell, our own events say better
        logging.getLogger("pika").setLevel(logging.CRITICAL)
        logging.getLogger("uvicorn").setLevel(logging.WARNING)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of fields that are named like a secret."""
    return {key: "***" if any(word in key.lower() for word in _SECRET_NAMES) else value for key, value in event.items()}


def without_passwords(text: str) -> str:
    """The same text with the password of any URL in it replaced."""
    return _PASSWORD_IN_URL.sub(r"\1:***@", text) if "://" in text else text


def _redact_line(_logger: WrappedLogger, _method: str, line: str) -> str:
    """The rendered line, that is with its traceback and whatever fields hold, without passwords."""
    return without_passwords(line)


class Summary:
    """One info event every ten seconds that sums up what was added meanwhile."""

    def __init__(self, event: str, *, every_s: float = 10.0) -> None:
        self._event = event
        self._every_s = every_s
        self._log = structlog.get_logger()
        self._since = time.monotonic()
        self._last: str | None = None
        self._sums: dict[str, int] = {}

    def add(self, *, last: str | None, **counts: int) -> None:
        """Add counts, the readings first; once the time is over, log the sums, their rate and the last instant."""
        self._last = last or self._last
        for name, count in counts.items():
            self._sums[name] = self._sums.get(name, 0) + count
        seconds = time.monotonic() - self._since
        if seconds >= self._every_s:
            rate = next(iter(self._sums.values()), 0) / seconds
            self._log.info(self._event, last_instant=self._last, readings_per_s=round(rate, 1), **self._sums)
            self._since, self._sums = time.monotonic(), {}
