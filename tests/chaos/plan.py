"""Which faults come, at which moments and with which torn tails: drawn beforehand, so that a seed repeats them."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

_LIVES_S = {"starting": 2.5, "recording": 0.8, "working": 0.5}  # at most: from the fault before, first line, some work
_WORK_BYTES = 1_500_000  # at most
_TAILS = ["nothing", "nothing", "nothing", "nothing", "piece", "zeros", "noise", "batch"]


class Fault(NamedTuple):
    """One kill, and what is left behind by it."""

    victim: str  # pvsim, meter or broker
    work_bytes: int  # that pvsim writes first
    delay_s: float  # after that
    tail: str  # what stands at the end of the open segment then
    share: float  # how much of it [1]
    seed: int  # of noise


def plan(random: Random, victims: Sequence[str]) -> list[Fault]:
    """A fault for each of the victims, in random order: during a start, at the first lines, or at full speed."""
    return [_fault(random, victim) for victim in random.sample(victims, len(victims))]


def tail(fault: Fault, *, last: bytes, following: bytes) -> bytes:
    """What a write that was broken off leaves after the last line, given the lines of the readings that come next."""
    match fault.tail:
        case "nothing":
            return b""
        case "zeros":  # blocks that a file system did not fill any more
            return bytes(1 + int(9000 * fault.share))
        case "noise":
            return Random(fault.seed).randbytes(1 + int(5000 * fault.share)).replace(b"\n", b" ")
        case "batch":  # whole lines, too: written, and not acknowledged any more
            return following[: 1 + int(len(following) * fault.share)]
        case _:
            return last[: 1 + int((len(last) - 1) * fault.share)]


def _fault(random: Random, victim: str) -> Fault:
    moment = random.choice(list(_LIVES_S))
    work = {"starting": 0, "recording": 1, "working": random.randrange(1, _WORK_BYTES)}[moment]
    delay_s = random.uniform(0, _LIVES_S[moment])
    return Fault(victim, work, delay_s, random.choice(_TAILS), random.random(), random.getrandbits(32))
