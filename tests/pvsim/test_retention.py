"""Which closed segments may go."""

import pytest

from pvsim.retention import Closed, Retention, removable

SEGMENTS = [Closed(number, size=100, written=1000.0 * number) for number in (1, 2, 3, 4)]


def gone(retention: Retention, *, covered: int = 4, now: float = 5000.0) -> list[int]:
    return removable(SEGMENTS, retention, covered=covered, now=now)


def test_without_a_limit_all_are_kept() -> None:
    assert gone(Retention(), now=1e12) == []


@pytest.mark.parametrize(("age_s", "expected"), [(1000, [1, 2, 3]), (3000, [1]), (3999, [1]), (4000, [])])
def test_those_that_are_older_than_the_age_go(age_s: float, expected: list[int]) -> None:
    assert gone(Retention(age_s=age_s)) == expected


@pytest.mark.parametrize(("size", "expected"), [(1, [1, 2, 3, 4]), (199, [1, 2, 3]), (200, [1, 2]), (400, [])])
def test_the_oldest_go_until_the_others_fit(size: int, expected: list[int]) -> None:
    assert gone(Retention(size=size)) == expected


def test_each_limit_counts_alone() -> None:
    assert gone(Retention(age_s=3500, size=200)) == [1, 2]


@pytest.mark.parametrize("retention", [Retention(age_s=0), Retention(size=1)])
def test_what_the_checkpoint_does_not_cover_stays(retention: Retention) -> None:
    assert gone(retention, covered=2) == [1, 2]
    assert gone(retention, covered=0) == []


def test_a_segment_that_stays_keeps_all_later_ones() -> None:
    touched = [SEGMENTS[0]._replace(written=5000.0), *SEGMENTS[1:]]

    assert removable(touched, Retention(age_s=1000), covered=4, now=5000.0) == []
