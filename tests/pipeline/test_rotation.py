"""Segments of a real pvsim: closed, compressed, removed, and right after a kill."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.pvsim.journals import held

from pvsim.verify_command import main as verify
from pvsim_common.segments import closed_segments
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Start = Callable[..., ServiceProcess]
RUN = {"start": "2026-06-21T10:00:00Z", "duration": "20min", "homes": 3, "speed": 0}
LINES = 3600  # 430 kB


def records(pvsim: ServiceProcess) -> int:
    """How many records its journal holds: those it found at its start, and those since."""
    found = until(lambda: pvsim.events("journal_opened"))[0]["records"]
    since = re.search(r'consumed_total{outcome="recorded"} (\d+)', pvsim.get("/metrics")[1])
    return int(str(found)) + (int(since[1]) if since else 0)


def test_a_pvsim_killed_among_rotations_has_each_reading_once_in_all_segments_together(
    service: Start, tmp_path: Path
) -> None:
    directory = tmp_path / "journal"
    pvsim = service("pvsim", segment_size="32KiB").start()
    until(lambda: pvsim.events("journal_opened"))
    service("meter", **RUN).start()
    until(lambda: len(closed_segments(directory)) >= 2)
    pvsim.kill()

    pvsim.start()

    until(lambda: records(pvsim) == LINES)
    until(lambda: all(path.suffix == ".zst" for path in closed_segments(directory).values()))
    pvsim.stop()
    lines = held(directory)
    assert len(lines) == len(set(lines)) == LINES
    assert verify([str(directory)]) == 0


def test_retention_leaves_what_it_is_told_and_the_journal_right(service: Start, tmp_path: Path) -> None:
    directory = tmp_path / "journal"
    pvsim = service("pvsim", segment_size="32KiB", retention_size="10kB").start()
    until(lambda: pvsim.events("journal_opened"))
    service("meter", **RUN).start().wait()

    until(lambda: records(pvsim) == LINES)
    until(lambda: sum(path.stat().st_size for path in closed_segments(directory).values()) <= 10_000)

    assert pvsim.events("segment_removed")
    assert pvsim.stop() == 0
    assert verify([str(directory)]) == 0
