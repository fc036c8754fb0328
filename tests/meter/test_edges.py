"""Changes of power compiled to edges, and the power that is found there."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meter.edges import compiled
from meter.stages import Changes

BEGIN = 1_782_000_000_000
END = BEGIN + 86_400_000


def made(*changes: tuple[int, int, int]) -> Changes:
    """Changes of (home, ms since BEGIN, W)."""
    home, time, step = np.array(changes, dtype=np.int64).reshape(-1, 3).T
    return Changes(home, BEGIN + time, step)


def power(changes: Changes, *times: int, homes: int = 2) -> Any:  # noqa: ANN401 - numbers in lists in a list
    edges = compiled(changes, homes=homes, begin=BEGIN, end=END)
    return edges.power(homes, BEGIN + np.array(times)).tolist()


def test_power_changes_at_the_millisecond_of_a_change() -> None:
    assert power(made((0, 1000, 50), (0, 2000, -50)), 0, 999, 1000, 1999, 2000, 86_399_999) == [
        [0, 0, 50, 50, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


def test_what_began_before_is_there_from_the_begin() -> None:
    assert power(made((1, -5000, 110), (1, -4000, 45), (1, 3000, -110)), 0, 3000) == [[0, 0], [155, 45]]


def test_what_ends_later_goes_on_to_the_end_and_not_into_the_next_home() -> None:
    assert power(made((0, 86_399_000, 200), (0, 86_500_000, -200)), 86_399_999) == [[200], [0]]


def test_what_changes_long_after_the_end_changes_nobody() -> None:
    assert power(made((0, 150_000_000, 200)), 0, 50_000_000) == [[0, 0], [0, 0]]


def test_changes_at_the_same_time_are_one() -> None:
    assert power(made((0, 10, 1800), (0, 10, -300), (0, 10, 45)), 10) == [[1545], [0]]


def test_homes_without_changes_draw_nothing() -> None:
    assert power(made(), 0, 1, homes=3) == [[0, 0], [0, 0], [0, 0]]


changes_of_three_homes = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-5000, 200_000_000), st.integers(-4200, 4200)), max_size=20
)


@given(changes_of_three_homes, st.lists(st.integers(0, 86_399_999), min_size=1, max_size=10))
def test_the_power_of_a_home_is_the_sum_of_its_changes_so_far(
    changes: list[tuple[int, int, int]], times: list[int]
) -> None:
    found = power(made(*changes), *times, homes=3)

    assert found == [[sum(w for h, at, w in changes if h == home and at <= t) for t in times] for home in range(3)]
