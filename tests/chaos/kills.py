"""Kills of pvsim, meter and broker at random instants, and torn tails: with coverage, and without as a control."""

import time
from collections import Counter
from random import Random

import numpy as np
from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge, segments
from tests.simulated import lines_of_all

from pvsim_common.segments import open_segment

_LIVES_S = {"starting": 2.5, "recording": 0.8, "working": 0.5}  # at most: from its start, first line, some work on
_WORK_BYTES = 1_500_000  # at most
_TAILS = ["none", "none", "none", "none", "piece", "zeros", "noise", "batch"]


def killed(ground: Ground, *, pvsim: int, meter: int, broker: int, readings: int) -> Outcome:
    """Kill everything so often while at least so many readings pass; nothing may be lost, twice, torn or wrong."""
    outcome = Outcome(f"{pvsim} × kill of pvsim, {meter} of meter, {broker} of the broker")
    with Chain(ground, Load()) as chain:
        outcome.facts |= _kill(chain, ground, ["pvsim"] * pvsim + ["meter"] * meter + ["broker"] * broker)
        run = chain.end(at_least=readings)
        outcome.facts |= {"segments": len(segments(chain.journal))}
        outcome.expect(chain.verify() == 0, "pvsim verify finds faults")
    outcome.judged(judge(chain.journal, run))
    return outcome


def uncovered(ground: Ground, *, pvsim: int, meter: int) -> Outcome:
    """The control: without coverage the same kills must give duplicates, and nothing but duplicates."""
    outcome = Outcome(f"control: coverage off, {pvsim} × kill of pvsim, {meter} of meter")
    with Chain(ground, Load(), pvsim=ground.program("pvsim_without_coverage")) as chain:
        outcome.facts |= _kill(chain, ground, ["pvsim"] * pvsim + ["meter"] * meter)
        run = chain.end()
    outcome.judgement = judge(chain.journal, run)
    faults = outcome.judgement.faults()
    outcome.expect(faults.pop("duplicated"), "the judge found no duplicates: it cannot see them")
    outcome.violations += [f"{count} {name}" for name, count in faults.items() if count]
    return outcome


def _kill(chain: Chain, ground: Ground, victims: list[str]) -> dict[str, float | str]:
    """Kill these in random order at random instants; what was done, counted."""
    done: Counter[str] = Counter()
    for victim in ground.random.sample(victims, len(victims)):
        _await_moment(chain, ground.random)
        if victim == "pvsim":
            chain.pvsim.kill()
            done[f"torn tails: {_plant(chain, ground)}"] += 1
            chain.pvsim.start()
        elif victim == "meter":
            chain.meter.kill()
            chain.meter.start()
        else:
            ground.node.kill()
            ground.node.start(timeout_s=PATIENCE_S)
        done[f"kills of {victim}"] += 1
    return {what: times for what, times in sorted(done.items()) if "none" not in what}


def _await_moment(chain: Chain, random: Random) -> None:
    """Wait for one of the moments at which it might hurt: a start, the first lines, or full speed."""
    moment = random.choice(list(_LIVES_S))
    if moment == "recording":
        chain.recording()
    elif moment == "working":
        chain.recording(random.randrange(_WORK_BYTES))
    time.sleep(random.uniform(0, _LIVES_S[moment]))


def _plant(chain: Chain, ground: Ground) -> str:
    """Leave what a write that a crash broke off leaves at the end of the open segment, or nothing; what it was."""
    line = chain.last_line()
    kind = ground.random.choice(_TAILS) if line else "none"
    if kind != "none":
        with open_segment(chain.journal).open("ab") as file:
            file.write(_tail(kind, line, chain, ground))
    return kind


def _tail(kind: str, line: bytes, chain: Chain, ground: Ground) -> bytes:
    match kind:
        case "zeros":  # blocks that a file system did not fill any more
            return bytes(ground.random.randrange(1, 9000))
        case "noise":
            return _noise(ground.random)
        case "batch":
            return _batch(chain, ground) + line[:20]
        case _:
            return line[: ground.random.randrange(1, len(line))]


def _noise(random: Random) -> bytes:
    return random.randbytes(random.randrange(1, 5000)).replace(b"\n", b" ")


def _batch(chain: Chain, ground: Ground) -> bytes:
    """The first lines of the readings that come next: written, and not acknowledged any more."""
    instant = np.array([chain.newest() + 1000], dtype=np.int64)
    lines = lines_of_all(chain.sites, instant, seed=ground.seed)
    return b"".join(line + b"\n" for line in lines[: ground.random.randrange(1, len(lines))])
