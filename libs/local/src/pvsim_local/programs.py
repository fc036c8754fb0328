"""A program of the chain, and what is known of it once it was started."""

import signal
from collections import deque
from dataclasses import dataclass, field

REMEMBERED_LINES = 15


class ChainFailedError(Exception):
    """Why the programs cannot go on together."""


@dataclass(frozen=True)
class Program:
    """What to run, and whether it may end well by itself while the others go on."""

    name: str
    command: list[str]
    environment: dict[str, str]
    may_finish: bool = False


@dataclass
class Child:
    """What is known of a program that was started."""

    program: Program
    pid: int | None = None
    returncode: int | None = None
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED_LINES))

    def has_ended(self) -> bool:
        """Whether it is over."""
        return self.returncode is not None

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.returncode or 0
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"{self.program.name} {how}"

    def raise_unless_finished(self) -> None:
        """Raise ChainFailedError, with the last lines, unless this program may finish and did so well."""
        if self.program.may_finish and self.returncode == 0:
            return
        lines = "".join(f"\n  {line}" for line in self.last_lines)
        raise ChainFailedError(f"{self.ending}. Its last lines:{lines}" if lines else f"{self.ending}, without a word.")
