"""Wait for something that other processes do."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def until(ask: Callable[[], Value], *, timeout_s: float = 60.0, every_s: float = 0.05) -> Value:
    """Ask again and again; the first answer that is true. Raises TimeoutError with the last answer."""
    deadline = time.monotonic() + timeout_s
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {answer!r} after {timeout_s:g} s")
        time.sleep(every_s)
    return answer
