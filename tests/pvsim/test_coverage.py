"""Which readings are held already: exact, whatever comes in whatever order."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pvsim.coverage import Coverage, Run

Reading = tuple[int, int, int]
"""Index of the site, instant [ms], step to the next reading [ms] (0: unknown)."""


def cover(coverage: Coverage, readings: list[Reading]) -> list[bool]:
    columns = np.array(readings, dtype=np.int64).reshape(-1, 3).T
    unseen: list[bool] = coverage.cover(*columns).tolist()
    return unseen


def steady(first: int, count: int, *, step: int = 1000, site: int = 0) -> list[Reading]:
    return [(site, first + n * step, step) for n in range(count)]


def test_a_reading_that_comes_for_the_first_time_is_unseen() -> None:
    assert cover(Coverage(), steady(0, 3)) == [True, True, True]


def test_a_reading_that_comes_again_is_not_unseen() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 3))

    assert cover(coverage, steady(1000, 3)) == [False, False, True]


def test_a_reading_that_comes_twice_in_a_batch_is_unseen_once() -> None:
    assert cover(Coverage(), [(0, 0, 1000), (0, 0, 1000)]) == [True, False]


def test_sites_know_nothing_of_each_other() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 3, site=0))

    assert cover(coverage, steady(0, 3, site=1)) == [True, True, True]


def test_a_gap_that_is_filled_later_joins_its_neighbours() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 3) + steady(5000, 3))

    unseen = cover(coverage, steady(3000, 2))

    assert unseen == [True, True]
    assert coverage.runs(0) == [Run(0, 7000, 1000)]


def test_gaps_are_counted_over_all_sites() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 3, site=0) + steady(0, 3, site=1) + steady(9000, 3, site=1))

    assert coverage.gaps == 1
    cover(coverage, steady(5000, 2, site=0) + steady(5000, 2, site=1))
    assert coverage.gaps == 3


def test_an_earlier_start_goes_on_up_to_what_is_there() -> None:
    coverage = Coverage()
    cover(coverage, steady(10_000, 5))

    unseen = cover(coverage, steady(0, 12))

    assert unseen == [True] * 10 + [False] * 2
    assert coverage.runs(0) == [Run(0, 14_000, 1000)]


def test_after_an_earlier_start_what_came_before_is_not_taken_again() -> None:
    coverage = Coverage()
    cover(coverage, steady(10_000, 5))
    cover(coverage, steady(0, 9))  # now the run of the earlier start goes on, with another run ahead of it

    assert cover(coverage, steady(9000, 6)) == [True] + [False] * 5


def test_another_interval_is_new_between_the_old_instants_only() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 5, step=1000))

    assert cover(coverage, steady(0, 9, step=500)) == [False, True] * 4 + [False]


def test_an_interval_that_becomes_coarser_is_exact_too() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 4, step=1000))

    unseen = cover(coverage, steady(4000, 3, step=2000)) + cover(coverage, steady(0, 9, step=1000))

    assert unseen == [True] * 3 + [False] * 4 + [False, True, False, True, False]


def test_a_steady_stream_is_one_run_however_long() -> None:
    coverage = Coverage()
    for batch in range(100):
        cover(coverage, [(site, 1000 * (10 * batch + n), 1000) for n in range(10) for site in range(5)])

    assert [coverage.runs(site) for site in range(5)] == [[Run(0, 999_000, 1000)]] * 5


def test_read_back_without_steps_a_steady_stream_is_one_run_again() -> None:
    coverage = Coverage()

    cover(coverage, [(site, instant, 0) for site, instant, _ in steady(0, 1000)])

    assert coverage.runs(0) == [Run(0, 999_000, 1000)]


def test_after_reading_back_the_stream_goes_on_where_it_was() -> None:
    coverage = Coverage()
    cover(coverage, [(site, instant, 0) for site, instant, _ in steady(0, 10)])

    assert cover(coverage, steady(8000, 4)) == [False, False, True, True]


def test_a_site_that_nobody_knows_has_no_runs() -> None:
    coverage = Coverage()
    cover(coverage, steady(0, 1, site=1))

    assert (coverage.runs(0), coverage.runs(7)) == ([], [])


def test_nothing_is_nothing() -> None:
    assert cover(Coverage(), []) == []


def test_the_first_and_the_last_instant_there_can_be_are_no_exceptions() -> None:
    last = 7_258_118_399_999  # 2199-12-31T23:59:59.999Z
    coverage = Coverage()

    assert cover(coverage, [(0, 0, 1), (0, last, 1)]) == [True, True]
    assert cover(coverage, [(0, last, 1), (0, 0, 1)]) == [False, False]


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_many_sites_at_once_are_told_apart(count: int) -> None:
    coverage = Coverage()
    readings = [(site, 1000, 1000) for site in range(count)]

    unseen = cover(coverage, readings), cover(coverage, readings[::-1])

    assert unseen == ([True] * count, [False] * count)


@st.composite
def stretches(draw: st.DrawFn) -> list[Reading]:
    """Readings of a meter that ran for a while; read back from a journal, nobody knows their step."""
    step = draw(st.integers(1, 6))
    first, count, site = draw(st.integers(0, 60)), draw(st.integers(1, 12)), draw(st.integers(0, 2))
    known = draw(st.sampled_from([step, step, 0]))
    return [(site, first + n * step, known) for n in range(count)]


streams = st.lists(stretches(), max_size=8).map(lambda parts: [reading for part in parts for reading in part])
mixed = st.one_of(
    streams,
    streams.flatmap(st.permutations),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(0, 5)), max_size=60),
)


@given(mixed, st.lists(st.integers(0, 100), max_size=6))
@example([*steady(10, 3, step=1), *steady(5, 2, step=1), *steady(7, 6, step=1)], [3, 5])  # grows into a run ahead
def test_coverage_says_exactly_what_a_set_of_sites_and_instants_says(readings: list[Reading], cuts: list[int]) -> None:
    coverage = Coverage()
    seen: set[tuple[int, int]] = set()
    edges = [0, *sorted(cuts), len(readings)]

    unseen = [new for a, b in itertools.pairwise(edges) for new in cover(coverage, readings[a:b])]

    expected = []
    for site, instant, _ in readings:
        expected.append((site, instant) not in seen)
        seen.add((site, instant))
    assert unseen == expected


@given(mixed)
def test_the_runs_hold_exactly_what_was_covered(readings: list[Reading]) -> None:
    coverage = Coverage()

    cover(coverage, readings)

    held = {
        (site, instant)
        for site in range(3)
        for run in coverage.runs(site)
        for instant in range(run.first, run.last + 1, run.step or 1)
    }
    assert held == {(site, instant) for site, instant, _ in readings}
    assert coverage.gaps == sum(max(0, len(coverage.runs(site)) - 1) for site in range(3))


@given(mixed, mixed)
def test_reading_back_without_steps_forgets_nothing(before: list[Reading], after: list[Reading]) -> None:
    written, read_back = Coverage(), Coverage()
    unseen = cover(written, before)
    journal = [(site, instant, 0) for (site, instant, _), new in zip(before, unseen, strict=True) if new]

    cover(read_back, journal)

    assert cover(read_back, after) == cover(written, after)
