"""Indexes of sites."""

from hypothesis import given
from hypothesis import strategies as st

from exporter.sites import Sites

names = st.lists(st.sampled_from("abcde"), max_size=12)


def test_sites_have_indexes_in_the_order_in_which_they_are_first_seen() -> None:
    sites = Sites(["c"])

    indexes = sites.add(["a", "c", "b", "a"])

    assert indexes.tolist() == [1, 0, 2, 1]
    assert (sites.names(), sites.names(2), len(sites)) == (["c", "a", "b"], ["c", "a"], 3)
    assert (sites.index("b"), sites.index("d")) == (2, None)


def test_sites_in_their_usual_order_are_found_wherever_they_begin_and_however_often_they_come_again() -> None:
    sites = Sites("abc")

    found = sites.find(list("cabcabca"))

    assert found is not None
    assert found.tolist() == [2, 0, 1, 2, 0, 1, 2, 0]


def test_looking_for_sites_does_not_make_them_known() -> None:
    sites = Sites("ab")

    assert sites.find(["a", "b", "c"]) is None
    assert len(sites) == 2


@given(st.lists(names, max_size=6))
def test_indexes_are_those_of_a_plain_list(batches: list[list[str]]) -> None:
    sites = Sites()
    plain: list[str] = []

    for batch in batches:
        known = set(plain)
        plain += [name for name in dict.fromkeys(batch) if name not in plain]
        assert (sites.find(batch) is None) == (not known.issuperset(batch))
        assert sites.add(batch).tolist() == [plain.index(name) for name in batch]

    assert sites.names() == plain
