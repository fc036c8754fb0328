"""Orderly stops under load: exit code 0 in time, and nothing lost."""

import subprocess
import time
from collections import Counter

from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge

from pvsim_local.waiting import until

_LIMIT_S = 5.0


def stopped(ground: Ground, *, times: int, limit_s: float = _LIMIT_S) -> Outcome:
    """Send SIGTERM so often to pvsim or meter while they are at work, and start them again."""
    outcome = Outcome(f"SIGTERM during load, {times} ×")
    done: Counter[str] = Counter()
    longest = 0.0
    with Chain(ground, Load()) as chain:
        for _ in range(times):
            chain.recording()
            time.sleep(ground.random.uniform(0, 0.8))
            name = ground.random.choice(["pvsim", "pvsim", "meter"])
            service = chain.pvsim if name == "pvsim" else chain.meter
            until(lambda service=service: service.events("broker_connected"), timeout_s=PATIENCE_S)  # type: ignore[misc]
            begin = time.monotonic()
            try:
                code: int | str = service.stop(timeout_s=limit_s)
            except subprocess.TimeoutExpired:
                code = f"none within {limit_s:g} s"
                service.kill()
            longest = max(longest, time.monotonic() - begin)
            outcome.expect(code == 0, f"{name}: exit code {code}")
            done[f"stops of {name}"] += 1
            service.start()
        outcome.judged(judge(chain.journal, chain.end()))
    outcome.facts |= {**done, "seconds at most": round(longest, 2)}
    return outcome
