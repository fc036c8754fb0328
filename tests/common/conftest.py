"""What the tests of the shared library share."""

import logging
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """Puts back what a test configured."""
    loggers = [logging.getLogger(name) for name in (None, "pika", "uvicorn")]
    levels = [logger.level for logger in loggers]
    handlers = loggers[0].handlers
    yield
    loggers[0].handlers = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.reset_defaults()
