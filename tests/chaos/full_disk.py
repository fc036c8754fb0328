"""A journal's disk that is full for a while, and pvsim killed while it is."""

import time

from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge
from tests.chaos.volume import fill, small_volume

from pvsim_local.waiting import until

_VOLUME_BYTES = 64 * 1024 * 1024
_LOAD = Load(speed=100)  # 6,000 readings a second


def full(ground: Ground, *, seconds: float, kills: int) -> Outcome:
    """Fill the journal's disk for so long at least, and kill pvsim meanwhile; it goes on by itself."""
    outcome = Outcome(f"disk full for {seconds:g} s, {kills} × kill of pvsim while full")
    with small_volume(ground.directory / "journal", size=_VOLUME_BYTES) as mounted:
        program = "pvsim" if mounted else ground.program("pvsim_on_a_full_disk")
        ballast = ground.directory / "journal" / "full"
        with Chain(ground, _LOAD, pvsim=program) as chain:
            chain.recording(200_000)
            begin = time.monotonic()
            fill(ballast) if mounted else ballast.touch()
            for _ in range(kills):
                _await_waiting(chain)
                time.sleep(ground.random.uniform(0, seconds / kills / 3))
                chain.pvsim.kill()
                chain.pvsim.start()
            _await_waiting(chain)
            time.sleep(max(0.0, seconds - (time.monotonic() - begin)))
            ballast.unlink()
            outcome.facts["seconds full"] = round(time.monotonic() - begin, 1)
            chain.recording()
            outcome.judged(judge(chain.journal, chain.end()))
            outcome.expect(chain.verify() == 0, "pvsim verify finds faults")
    outcome.facts["disk"] = "a tmpfs of 64 MiB" if mounted else "ENOSPC injected"
    return outcome


def _await_waiting(chain: Chain) -> None:
    """Wait until pvsim says that it waits for room, and is not ready therefore."""
    until(lambda: chain.pvsim.events("journal_waits_for_room"), timeout_s=PATIENCE_S)
    until(lambda: "waits for room" in chain.pvsim.get("/readyz")[1], timeout_s=PATIENCE_S)
