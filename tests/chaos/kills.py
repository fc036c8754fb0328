"""Kills of pvsim, meter and broker at random instants, and torn tails: with coverage, and without as a control."""

import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge
from tests.chaos.plan import Fault, plan, tail
from tests.recorded import segments
from tests.simulated import lines_of_all

from pvsim_common.segments import open_segment

# Lines that were written and not acknowledged any more: their readings come again, whatever the random kills hit.
_CERTAIN = Fault("pvsim", work_bytes=1, delay_s=0.0, tail="batch", share=0.9, seed=0)


def killed(ground: Ground, *, pvsim: int, meter: int, broker: int, readings: int) -> Outcome:
    """Kill everything so often while at least so many readings pass; nothing may be lost, twice, torn or wrong."""
    outcome = Outcome(f"{pvsim} × kill of pvsim, {meter} of meter, {broker} of the broker")
    with Chain(ground, Load()) as chain:
        faults = plan(ground.random, ["pvsim"] * pvsim + ["meter"] * meter + ["broker"] * broker)
        outcome.facts |= _kill(chain, ground, faults)
        run = chain.end(at_least=readings)
        outcome.facts |= {"segments": len(segments(chain.journal))}
        outcome.expect(chain.verify() == 0, "pvsim verify finds faults")
    outcome.judged(judge(chain.journal, run))
    return outcome


def uncovered(ground: Ground, *, pvsim: int, meter: int) -> Outcome:
    """The control: without coverage the same kills must give duplicates, and nothing but duplicates."""
    outcome = Outcome(f"control: coverage off, {pvsim + 1} × kill of pvsim, {meter} of meter")
    with Chain(ground, Load(), pvsim=ground.program("pvsim_without_coverage")) as chain:
        outcome.facts |= _kill(chain, ground, [*plan(ground.random, ["pvsim"] * pvsim + ["meter"] * meter), _CERTAIN])
        run = chain.end()
        outcome.expect(chain.verify() == 1, "pvsim verify does not see the duplicates")
    outcome.judgement = judge(chain.journal, run)
    faults = outcome.judgement.faults()
    outcome.expect(faults.pop("duplicated"), "the judge found no duplicates: it cannot see them")
    outcome.violations += [f"{count} {name}" for name, count in faults.items() if count]
    return outcome


def _kill(chain: Chain, ground: Ground, faults: Sequence[Fault]) -> dict[str, float | str]:
    """Kill these at their instants; what was done, counted."""
    done: Counter[str] = Counter()
    for fault in faults:
        if fault.victim == "broker":
            chain.settle()
        chain.recording(fault.work_bytes)
        time.sleep(fault.delay_s)
        if fault.victim == "pvsim":
            chain.pvsim.kill()
            done["torn tails"] += _plant(fault, chain, ground)
            chain.pvsim.start()
        elif fault.victim == "meter":
            chain.meter.kill()
            chain.meter.start()
        else:
            ground.node.kill()
            ground.node.start(timeout_s=PATIENCE_S)
        done[f"kills of {fault.victim}"] += 1
    return dict(done)


def _plant(fault: Fault, chain: Chain, ground: Ground) -> bool:
    """Leave a torn tail at the end of the open segment; whether there is one now."""
    last = chain.last_line()
    if not last or chain.is_torn():  # killed before it cut off the tail of the kill before
        return False
    instants = np.array([chain.newest() + 1000], dtype=np.int64)
    following = lines_of_all(chain.sites, instants, seed=ground.seed) if fault.tail == "batch" else []
    with open_segment(chain.journal).open("ab") as file:
        return file.write(tail(fault, last=last, following=b"\n".join(following))) > 0
