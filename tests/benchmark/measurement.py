"""What a leg of the benchmark measured, and the instruments: CPU time and memory of processes, lines of a file."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Measurement:
    """One run of one leg."""

    leg: str
    readings: int
    wall_s: float  # from when the publisher has nothing left to do but publish, to the last line in the file
    cpu_s: dict[str, float]  # of each process, in the same time
    peak_mib: dict[str, float]  # resident memory of each process, since its start

    @property
    def rate(self) -> float:
        """Readings per second."""
        return self.readings / self.wall_s


class CpuClock:
    """CPU seconds that groups of processes use from now on. A process that has ended keeps what it had."""

    def __init__(self, groups: dict[str, Iterable[psutil.Process]]) -> None:
        self._groups = {name: list(processes) for name, processes in groups.items()}
        self._last: dict[int, float] = {}
        self.sample()
        self._first = dict(self._last)

    def sample(self) -> None:
        """Look at the processes; to be called often enough to see them shortly before they end."""
        for processes in self._groups.values():
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    times = process.cpu_times()
                    self._last[process.pid] = times.user + times.system

    def seconds(self) -> dict[str, float]:
        """CPU seconds of each group so far."""
        self.sample()
        return {
            name: sum(self._last.get(p.pid, 0.0) - self._first.get(p.pid, 0.0) for p in processes)
            for name, processes in self._groups.items()
        }


class LineCounter:
    """Counts the lines of a file that grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = self._lines = 0

    def count(self) -> int:
        """How many lines there are by now."""
        with contextlib.suppress(FileNotFoundError), self._path.open("rb") as file:
            file.seek(self._position)
            while chunk := file.read(1 << 20):
                self._position += len(chunk)
                self._lines += chunk.count(b"\n")
        return self._lines


def peak_mib(pid: int) -> float:
    """The most resident memory a living process ever had [MiB]; what it has now where the system does not tell."""
    with contextlib.suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return float(psutil.Process(pid).memory_info().rss) / 1024**2
