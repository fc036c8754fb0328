"""Outages of the broker: an alarm, a stop, connections that are cut; the meter catches up with all of them."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge
from tests.chaos.proxy import Proxy

_LOAD = Load(homes=60, sites_per_message=20, speed=60)
_BEFORE_S = 5.0
_AFTER_S = 30.0  # in which what was missed is made up for
_LATE_S = 5.0  # a meter that has caught up ends so late at most


def alarmed(ground: Ground, *, seconds: float, late_s: float = _LATE_S) -> Outcome:
    """Let the broker believe that its memory is full: it takes no message meanwhile."""
    outcome = Outcome(f"broker memory alarm for {seconds:g} s")
    _outage(ground, outcome, seconds, _alarm(ground), late_s)
    return outcome


def away(ground: Ground, *, seconds: float, late_s: float = _LATE_S) -> Outcome:
    """Stop the broker for a while."""
    outcome = Outcome(f"broker stopped for {seconds:g} s")
    _outage(ground, outcome, seconds, _stopped(ground), late_s)
    return outcome


def cut(ground: Ground, *, times: int) -> Outcome:
    """Reset all connections so often, at random instants."""
    outcome = Outcome(f"connections cut by force, {times} ×")
    identity = ground.node.identity
    with Proxy(identity.amqp_port) as proxy:
        url = f"amqp://{identity.user}:{identity.password}@127.0.0.1:{proxy.port}/"
        with Chain(ground, Load(), url=url) as chain:
            connections = 0
            for _ in range(times):
                chain.recording()
                time.sleep(ground.random.uniform(0, 0.5))
                connections += proxy.cut()
            outcome.judged(judge(chain.journal, chain.end()))
    outcome.facts["connections"] = connections
    outcome.expect(connections >= times, "there was often nothing to cut")
    return outcome


def _outage(
    ground: Ground, outcome: Outcome, seconds: float, outage: AbstractContextManager[None], late_s: float
) -> None:
    """A paced load, in the middle an outage; the meter ends in time if it has made up for it."""
    took_s = _BEFORE_S + seconds + _AFTER_S
    run_s = round(took_s * _LOAD.speed)
    with Chain(ground, _LOAD._replace(seconds=run_s)) as chain:
        begin = _begin(chain)
        time.sleep(_BEFORE_S)
        with outage:
            time.sleep(seconds)
        chain.meter.wait(timeout_s=PATIENCE_S + took_s)
        late = time.monotonic() - begin - took_s
        outcome.judged(judge(chain.journal, chain.finish(run_s)))
    outcome.facts["seconds behind at the end"] = round(max(0.0, late), 1)
    outcome.expect(late < late_s, f"the meter has not caught up: it ended {late:.1f} s late")


def _begin(chain: Chain) -> float:
    """When the run begins."""
    chain.recording()
    return time.monotonic()


@contextmanager
def _alarm(ground: Ground) -> Iterator[None]:
    ground.control("set_vm_memory_high_watermark", "0.0000001")
    try:
        yield
    finally:
        ground.control("set_vm_memory_high_watermark", "0.4")


@contextmanager
def _stopped(ground: Ground) -> Iterator[None]:
    ground.node.stop(timeout_s=PATIENCE_S)
    try:
        yield
    finally:
        ground.node.start(timeout_s=PATIENCE_S)
