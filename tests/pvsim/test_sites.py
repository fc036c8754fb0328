"""Properties of sites, looked up by name."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim.sites import Sites


def lengths(names: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[len(name) for name in names], [-len(name) for name in names]], dtype=np.float64)


@given(st.lists(st.lists(st.text("ab", max_size=9), max_size=9), max_size=9))
def test_each_site_has_its_own_properties_whenever_it_is_asked_for(asked: list[list[str]]) -> None:
    sites = Sites(lengths)

    for names in asked:
        assert sites.of(names).tolist() == lengths(names).tolist()


def test_a_site_is_described_once() -> None:
    described: list[str] = []

    def describe(names: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        described.extend(names)
        return lengths(names)

    sites = Sites(describe)
    for names in (["a", "b", "a"], ["b", "c"], ["a", "b", "c"]):
        sites.of(names)

    assert described == ["a", "b", "c"]


@pytest.mark.parametrize("names", [["d", "a"], ["a", "b", "c", "d"]])
def test_when_too_many_are_known_they_are_described_anew(names: list[str]) -> None:
    sites = Sites(lengths, most=3)
    sites.of(["a", "bb", "ccc"])

    assert sites.of(names).tolist() == lengths(names).tolist()


def test_a_list_that_has_changed_is_not_taken_for_the_list_before() -> None:
    sites, names = Sites(lengths), ["a", "bb"]
    sites.of(names)
    names[1] = "ccc"

    assert sites.of(names).tolist() == lengths(["a", "ccc"]).tolist()


def test_no_more_than_so_many_are_kept() -> None:
    described: list[str] = []

    def describe(names: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        described.extend(names)
        return lengths(names)

    sites = Sites(describe, most=2)
    for name in ("a", "b", "c", "a"):
        sites.of([name])

    assert described == ["a", "b", "c", "a"]


LISTS = [[letter * n for n in range(1, 21)] for letter in "abcd"] + [["e", "ff"], ["g"]]


@given(st.lists(st.lists(st.sampled_from(LISTS), min_size=1, max_size=4), max_size=8), st.integers(1, 70))
def test_lists_of_sites_have_the_properties_of_their_sites(asked: list[list[list[str]]], most: int) -> None:
    sites = Sites(lengths, most=most)

    for lists in asked:
        assert sites.of_lists(lists).tolist() == lengths([name for names in lists for name in names]).tolist()
