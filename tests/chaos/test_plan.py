"""The faults of a seed are always the same, and tails are what broken writes leave."""

from collections import Counter
from random import Random

import pytest
from tests.chaos.plan import Fault, plan, tail

VICTIMS = ["pvsim"] * 200 + ["meter"] * 20 + ["broker"] * 6
LAST = b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1"}\n'
FOLLOWING = b'{"a":1}\n{"a":2}\n{"a":3}'


def fault(kind: str, share: float) -> Fault:
    return Fault("pvsim", 0, 0.0, kind, share, seed=7)


def test_a_seed_repeats_its_faults_and_another_has_others() -> None:
    first, again, other = (plan(Random(seed), VICTIMS) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_each_victim_is_killed_as_often_as_asked_for_at_all_kinds_of_moments() -> None:
    faults = plan(Random(1), VICTIMS)

    assert Counter(each.victim for each in faults) == {"pvsim": 200, "meter": 20, "broker": 6}
    assert {min(each.work_bytes, 2) for each in faults} == {0, 1, 2}
    assert {each.tail for each in faults} == {"nothing", "piece", "zeros", "noise", "batch"}


@pytest.mark.parametrize("kind", ["piece", "zeros", "noise"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_tail_is_no_whole_line(kind: str, share: float) -> None:
    left = tail(fault(kind, share), last=LAST.rstrip(), following=FOLLOWING)

    assert left
    assert b"\n" not in left


def test_a_broken_batch_holds_whole_lines_and_a_piece() -> None:
    left = tail(fault("batch", 0.5), last=LAST, following=FOLLOWING)

    assert left == b'{"a":1}\n{"a"'


def test_often_nothing_is_left() -> None:
    assert tail(fault("nothing", 0.9), last=LAST, following=FOLLOWING) == b""
