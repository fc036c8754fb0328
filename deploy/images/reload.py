#!/usr/bin/env python3
"""Run a service from a copy of its code, and start it again whenever a file of the copy changes: for skaffold dev.

reload.py ORIGINAL COPY COMMAND... - the copy is made at start, and whoever develops writes into it.
"""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

LOOK_EVERY_S = 0.5


def main() -> None:
    """Run the command until asked to stop, each time with the code as it is then."""
    original, copy, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    shutil.copytree(original, copy, dirs_exist_ok=True)
    packages = [copy / path.name for path in original.iterdir() if (path / "__init__.py").exists()]
    signal.signal(signal.SIGTERM, _stop)
    while True:
        before = _stamps(packages)
        service = subprocess.Popen(command)
        try:
            while _stamps(packages) == before:
                time.sleep(LOOK_EVERY_S)
        finally:
            service.terminate()
            service.wait()
        sys.stderr.write(f"{command[0]} starts again: its code has changed\n")


def _stop(_signum: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _stamps(packages: list[Path]) -> dict[Path, int]:
    """When each module was written; only of the service itself and what it uses, whatever else is put beside them."""
    return {path: path.stat().st_mtime_ns for package in packages for path in package.rglob("*.py")}


if __name__ == "__main__":
    main()
