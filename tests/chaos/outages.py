"""Outages of the broker: an alarm, a stop, connections that are cut; the meter catches up with all of them."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge
from tests.chaos.proxy import Proxy

from pvsim_local.ports import LOOPBACK
from pvsim_local.waiting import until

_LOAD = Load(speed=60)
_BEFORE_S = 5.0
_LATE_S = 5.0  # a meter that has caught up ends so late at most


def alarmed(ground: Ground, *, seconds: float, after_s: float = 30.0) -> Outcome:
    """Let the broker believe that its memory is full: it takes no message meanwhile."""
    outcome = Outcome(f"broker memory alarm for {seconds:g} s")
    _outage(ground, outcome, _alarm(ground), seconds=seconds, after_s=after_s)
    return outcome


def away(ground: Ground, *, seconds: float, after_s: float = 30.0) -> Outcome:
    """Stop the broker for a while."""
    outcome = Outcome(f"broker stopped for {seconds:g} s")
    _outage(ground, outcome, _stopped(ground), seconds=seconds, after_s=after_s)
    return outcome


def cut(ground: Ground, *, times: int) -> Outcome:
    """Reset all connections so often, at random instants."""
    outcome = Outcome(f"connections cut by force, {times} ×")
    identity = ground.node.identity
    with Proxy(identity.amqp_port) as proxy:
        url = f"amqp://{identity.user}:{identity.password}@{LOOPBACK}:{proxy.port}/"
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
    ground: Ground, outcome: Outcome, outage: AbstractContextManager[None], *, seconds: float, after_s: float
) -> None:
    """A paced load with an outage; the meter ends when it should, if it has made up for that within `after_s`."""
    run_s = round((_BEFORE_S + seconds + after_s) * _LOAD.speed)
    with Chain(ground, _LOAD._replace(seconds=run_s)) as chain:
        chain.recording()
        due = time.monotonic() + run_s / _LOAD.speed
        time.sleep(_BEFORE_S)
        with outage:
            begin = time.monotonic()
            until(lambda: chain.meter.get("/readyz")[0] == 503, timeout_s=PATIENCE_S)
            time.sleep(max(0.0, seconds - (time.monotonic() - begin)))
        due = max(due, time.monotonic() + after_s / 2)  # where the broker took long to start
        chain.meter.wait(timeout_s=PATIENCE_S + after_s)
        late = max(0.0, time.monotonic() - due)
        outcome.judged(judge(chain.journal, chain.finish(run_s)))
    outcome.facts["seconds behind at the end"] = round(late, 1)
    outcome.expect(late < _LATE_S, f"the meter has not caught up: it ended {late:.1f} s late")


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
