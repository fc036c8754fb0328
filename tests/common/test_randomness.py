"""Random numbers that depend on nothing but seed, stream and indexes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim_common.randomness import hashes, site_ids, uniforms

seeds = st.integers(0, 2**63 - 1)
words = st.integers(0, 2**64 - 1)
M = 2**64 - 1


def splitmix64(word: int) -> int:
    """The finaliser of splitmix64 in plain integers: Steele, Lea, Flood, OOPSLA 2014."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & M
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & M
    return word ^ (word >> 31)


def chained(*words: int) -> int:
    mixed, *others = words
    for word in others:
        mixed = splitmix64(((mixed ^ word) + 0x9E3779B97F4A7C15) & M)
    return mixed


def test_a_site_has_always_the_same_id() -> None:
    ids = site_ids(["home-1", "home-2"])

    # python -c "import hashlib; print(int.from_bytes(hashlib.blake2b(b'home-1', digest_size=8).digest(), 'little'))"
    assert ids.tolist() == [5737085344890693073, 11886857403142835083]


def test_no_sites_have_no_ids() -> None:
    assert site_ids([]).tolist() == []


@given(seeds, st.text(max_size=8), st.lists(words, max_size=3))
def test_numbers_are_those_of_splitmix64_chained_in_plain_integers(seed: int, stream: str, indexes: list[int]) -> None:
    expected = chained(seed, int(site_ids([stream])[0]), *indexes)

    assert hashes(seed, stream, *(np.uint64(index) for index in indexes)).tolist() == [expected]


@given(seeds, st.lists(words, min_size=1, max_size=12), st.lists(st.integers(0, 2**43), min_size=1, max_size=12))
def test_a_block_holds_what_each_pair_gives_alone(seed: int, rows: list[int], columns: list[int]) -> None:
    ids = np.array(rows, dtype=np.uint64)

    block = uniforms(seed, "test", ids[:, np.newaxis], np.array(columns, dtype=np.int64))

    single = [[float(uniforms(seed, "test", row, column)[0]) for column in columns] for row in ids]
    assert block.tolist() == single


@given(st.permutations(range(20)))
def test_the_order_of_asking_does_not_matter(order: list[int]) -> None:
    in_order = uniforms(1, "test", np.arange(20))

    assert uniforms(1, "test", np.array(order)).tolist() == in_order[order].tolist()


def test_uniforms_are_spread_evenly_from_0_to_below_1() -> None:
    numbers = uniforms(1, "test", np.arange(100_000))

    shares = np.histogram(numbers, bins=10, range=(0, 1))[0] / len(numbers)
    assert numbers.min() >= 0.0
    assert numbers.max() < 1.0
    assert shares == pytest.approx(0.1, abs=0.005)  # five standard deviations of a share of 100,000


@pytest.mark.parametrize("lag", [1, 2, 64, 1000])
def test_neighbouring_instants_know_nothing_of_each_other(lag: int) -> None:
    numbers = uniforms(1, "test", np.arange(0, 100_000_000, 1000))

    correlation = np.corrcoef(numbers[lag:], numbers[:-lag])[0, 1]

    assert abs(correlation) < 0.016  # five standard deviations


def test_another_seed_stream_or_index_gives_other_numbers() -> None:
    asked = [(1, "a", 0), (2, "a", 0), (1, "b", 0), (1, "a", 1)]

    numbers = {float(uniforms(seed, stream, index)[0]) for seed, stream, index in asked}

    assert len(numbers) == len(asked)


def test_the_order_of_indexes_matters() -> None:
    assert hashes(1, "test", 1, 2).tolist() != hashes(1, "test", 2, 1).tolist()


def test_some_numbers_are_known_for_ever() -> None:
    # made once by this module: another number here is another simulation, and a new model version
    assert uniforms(1, "meter/habit", site_ids(["home-1", "home-2"]), [29_700_600, 29_700_600]).tolist() == [
        0.4668678736401505,
        0.9300253861631964,
    ]
