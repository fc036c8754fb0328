"""Lists of sites, whose indexes are looked up once."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pvsim.known_lists import KnownLists

NAMES = [[f"home-{n}" for n in range(size)] for size in (1, 3, 20, 40)]


class Lookup:
    """Knows a site's number by its name, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, names: Sequence[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """The numbers."""
        self.asked.extend(names)
        return np.array([int(name.removeprefix("home-")) for name in names], dtype=np.int64)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.integers(1, 100))
def test_indexes_are_those_of_the_names_in_their_order(lists: list[list[str]], most: int) -> None:
    known = KnownLists(Lookup(), most=most)

    for _ in range(2):
        assert known.of(lists).tolist() == [n for names in lists for n in range(len(names))]


def test_a_long_list_is_looked_up_once() -> None:
    look_up = Lookup()
    known = KnownLists(look_up)

    for _ in range(3):
        known.of([NAMES[2], NAMES[3]])

    assert len(look_up.asked) == 60


def test_after_forgetting_it_is_looked_up_again() -> None:
    look_up = Lookup()
    known = KnownLists(look_up)
    known.of([NAMES[2]])

    known.forget()
    known.of([NAMES[2]])

    assert len(look_up.asked) == 40


def test_another_list_of_the_same_names_is_another_list_and_none_is_taken_for_one_that_is_gone() -> None:
    known = KnownLists(Lookup(), most=50)

    for n in range(200):  # new lists get the ids of lists that are not kept any more
        names = [f"home-{n + k}" for k in range(20)]
        assert known.of([names]).tolist() == [n + k for k in range(20)]
