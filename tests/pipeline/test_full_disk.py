"""A disk that is full, with real processes: pvsim waits, says so, and goes on by itself."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.pvsim.journals import held
from tests.pvsim.small_volume import grow, small_volume
from tests.recorded import recorded

from pvsim.verify_command import main as verify
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

Start = Callable[..., ServiceProcess]
RUN = {"start": "2026-06-21T10:00:00Z", "duration": "10min", "homes": 10, "speed": 0}
LINES = 6000  # 720 kB
REASON = "the journal waits for room: No space left on device"


def lines(volume: Path) -> int:
    return len(recorded(volume))


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A disk that is too small for the run."""
    with small_volume(tmp_path / "volume", kibibytes=256) as volume:
        yield volume


def test_on_a_full_disk_pvsim_is_alive_but_not_ready_and_a_kill_then_loses_nothing(
    service: Start, volume: Path
) -> None:
    pvsim = service("pvsim", journal_directory=volume).start()
    service("meter", **RUN).start()
    until(lambda: REASON in pvsim.get("/readyz")[1])
    assert pvsim.get("/healthz") == (200, "ok\n")
    assert "\npvsim_journal_waiting_for_room 1.0\n" in pvsim.get("/metrics")[1]

    pvsim.kill()
    pvsim.start()
    until(lambda: REASON in pvsim.get("/readyz")[1])
    grow(volume, kibibytes=4096)

    until(lambda: lines(volume) >= LINES)
    until(lambda: pvsim.get("/readyz") == (200, "ok\n"))
    assert "\npvsim_journal_waiting_for_room 0.0\n" in pvsim.get("/metrics")[1]
    pvsim.stop()
    assert len(set(held(volume))) == lines(volume) == LINES
    assert verify([str(volume)]) == 0


def test_asked_to_stop_on_a_full_disk_pvsim_ends_well_and_goes_on_when_it_is_started_again(
    service: Start, volume: Path
) -> None:
    pvsim = service("pvsim", journal_directory=volume).start()
    service("meter", **RUN).start()
    until(lambda: pvsim.events("journal_waits_for_room"))

    pvsim.process.send_signal(signal.SIGTERM)

    assert pvsim.wait() == 0
    grow(volume, kibibytes=4096)
    pvsim.start()
    until(lambda: lines(volume) >= LINES)
    pvsim.stop()
    assert len(set(held(volume))) == lines(volume) == LINES
