"""The instruments: CPU time and memory of processes, the end of a journal, a value in a page of metrics."""

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil

from pvsim_common.messages import parse_timestamp
from pvsim_common.segments import closed_segments, open_segment

_TAIL_BYTES = 1000  # more than a line has


def cpu_s(groups: Mapping[str, Iterable[psutil.Process]]) -> dict[str, float]:
    """CPU seconds of groups of processes since their start. One that has ended has them until it is waited for."""
    return {name: sum(map(_cpu_s, processes)) for name, processes in groups.items()}


def difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """What each value grew by."""
    return {name: after[name] - before[name] for name in after}


def peak_mib(pid: int) -> float:
    """The most resident memory a process ever had [MiB]; 0 where it has ended, what it has where no more is told."""
    with contextlib.suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    with contextlib.suppress(psutil.Error):
        return float(psutil.Process(pid).memory_info().rss) / 1024**2
    return 0.0


def value(metrics: str, name: str) -> int:
    """The value of a sample of a page of metrics; 0 where there is none."""
    lines = (line for line in metrics.splitlines() if line.startswith(f"{name} "))
    return int(float(next(lines, "0").rpartition(" ")[2]))


class JournalEnd:
    """How many readings a journal holds, told by its last line: they come instant by instant and home by home."""

    def __init__(self, directory: Path, *, first: int, homes: int) -> None:
        """A run of so many homes that begins at this instant [ms since 1970], a reading a second of each."""
        self._directory = directory
        self._first, self._homes = first, homes
        self._most = 0

    def readings(self) -> int:
        """How many there are by now."""
        tail = _tail(open_segment(self._directory)) or self._tail_of_the_closed()
        if tail:
            self._most = max(self._most, readings_through(tail, first=self._first, homes=self._homes))
        return self._most

    def _tail_of_the_closed(self) -> bytes:
        """Where the segment was closed just now, the open one has no line."""
        closed = list(closed_segments(self._directory).values()) if self._directory.exists() else []
        return _tail(closed[-1]) if closed and closed[-1].suffix == ".jsonl" else b""


def readings_through(line: bytes, *, first: int, homes: int) -> int:
    """How many readings a run has up to a line, from its instant and its home's number."""
    _, _, _, timestamp, _, _, _, site, _ = line.decode().split('"', 8)
    return (parse_timestamp(timestamp) - first) // 1000 * homes + int(site.removeprefix("home-"))


def _tail(path: Path) -> bytes:
    """The last whole line of a file; empty where there is none."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
        lines = file.read().rpartition(b"\n")[0]
        return lines.rpartition(b"\n")[2]
    return b""


def _cpu_s(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0
