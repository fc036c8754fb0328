"""Coverage in the checkpoint: nothing is forgotten, and what many sites have alike stands once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim.coverage import Coverage, Run
from pvsim.shared_runs import Ranges, share, unshare

Reading = tuple[int, int, int]
"""Index of the site, instant [ms], step to the next reading [ms] (0: unknown)."""


def covered(*readings: Reading) -> Coverage:
    coverage = Coverage()
    coverage.cover(*np.array(readings, dtype=np.int64).reshape(-1, 3).T)
    return coverage


def restored(coverage: Coverage, count: int) -> Coverage:
    shared = share(coverage.state())
    return Coverage.of(unshare(shared.items(), count))


def test_sites_with_the_same_runs_are_a_range() -> None:
    coverage = covered(*((site, 1000 * n, 1000) for n in range(9) for site in range(100)))

    assert share(coverage.state()) == {(Run(0, 8000, 1000),): [(0, 100)]}


def test_sites_in_between_with_other_runs_split_the_range() -> None:
    coverage = covered(
        *((site, 1000 * n, 1000) for n in range(9) for site in range(6)),
        (2, 20_000, 1000),
        (4, 9000, 1000),
    )

    assert share(coverage.state()) == {
        (Run(0, 8000, 1000),): [(0, 2), (3, 1), (5, 1)],
        (Run(0, 9000, 1000),): [(4, 1)],
        (Run(0, 8000, 1000), Run(20_000, 20_000, 1000)): [(2, 1)],
    }


def test_no_sites_share_nothing() -> None:
    assert share(Coverage().state()) == {}
    assert restored(Coverage(), 0).gaps == 0


def test_after_it_goes_on_the_usual_case_is_usual_again() -> None:
    coverage = restored(covered((0, 0, 1000), (0, 1000, 1000), (0, 9000, 1000)), 1)

    coverage.cover(*np.array([(0, 10_000, 1000)], dtype=np.int64).T)

    assert coverage.runs(0) == [Run(0, 1000, 1000), Run(9000, 10_000, 1000)]


readings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 5)), max_size=60)


@given(readings, readings)
def test_coverage_that_goes_on_from_what_was_shared_forgets_nothing(
    before: list[Reading], after: list[Reading]
) -> None:
    every_site = [(site, 0, 1) for site in range(4)]
    stayed = covered(*every_site, *before)
    resumed = restored(stayed, 4)
    assert (resumed.gaps, [resumed.runs(site) for site in range(4)]) == (
        stayed.gaps,
        [stayed.runs(site) for site in range(4)],
    )

    columns = np.array(after, dtype=np.int64).reshape(-1, 3).T

    assert resumed.cover(*columns).tolist() == stayed.cover(*columns).tolist()


def test_a_state_does_not_change_with_the_coverage_it_was_taken_of() -> None:
    coverage = covered((0, 0, 1000), (0, 5000, 1000))
    state = coverage.state()
    before = share(state)

    coverage.cover(*np.array([(0, 6000, 1000), (0, 9000, 1000), (1, 0, 1)], dtype=np.int64).T)

    assert share(state) == before


@pytest.mark.parametrize(
    ("runs", "sites", "message"),
    [
        ([(0, 1000, 1000)], [(0, 1)], "1 sites have no runs"),
        ([(0, 1000, 1000)], [(0, 3)], "the sites 0 to 2 are none or stand twice"),
        ([(0, 1000, 1000)], [(0, 2), (1, 1)], "the sites 1 to 1 are none or stand twice"),
        ([(0, 1000, 1000)], [(0, 0), (0, 2)], "the sites 0 to -1 are none"),
        ([(0, 1000, 1000)], [(-1, 3)], "the sites -1 to 1 are none"),
        ([(0, 1000, 300)], [(0, 2)], r"\(0, 1000, 300\) is no run"),
        ([(0, 1000, 0)], [(0, 2)], "is no run"),
        ([(5, 0, 5)], [(0, 2)], "is no run"),
        ([(-5, 0, 5)], [(0, 2)], "is no run"),
        ([(0, 10**30, 1)], [(0, 2)], "is no run"),
        ([], [(0, 2)], "sites without runs"),
    ],
)
def test_what_is_no_coverage_of_these_sites_is_told(
    runs: list[tuple[int, int, int]], sites: Ranges, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        unshare([(runs, sites)], 2)
