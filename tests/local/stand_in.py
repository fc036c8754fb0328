"""A stand-in for a service: `stand_in.py <name> <file that tells what happens> <manner>`."""

import signal
import sys
from pathlib import Path
from types import FrameType


def main() -> None:
    """Note the start, behave as told, note the stop."""
    name, notes, manner = sys.argv[1], Path(sys.argv[2]), sys.argv[3]

    def stop(_number: int, _frame: FrameType | None) -> None:
        note(notes, f"{name} stopped")
        if manner != "stubborn":
            sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    note(notes, f"{name} started")
    print(f"{name} says hello", flush=True)
    if manner.isdecimal():  # an exit code
        sys.exit(int(manner))
    while True:
        signal.pause()


def note(notes: Path, line: str) -> None:
    """Append a line."""
    with notes.open("a") as file:
        file.write(f"{line}\n")


if __name__ == "__main__":
    main()
