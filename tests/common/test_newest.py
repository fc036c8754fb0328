"""The newest powers of sites, whatever the order of records."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pvsim_common.newest import NewestPowers

records = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.integers(0, 9), st.integers(0, 9)), max_size=30)


def keep(newest: NewestPowers, batch: list[tuple[int, int, int, int]]) -> None:
    sites, instants, meter, pv = np.array(batch, dtype=np.int64).reshape(-1, 4).T
    newest.keep(sites, instants, meter, pv)


@given(st.lists(records, max_size=4))
def test_each_site_has_the_powers_of_its_newest_record_the_last_of_equals(batches: list) -> None:  # type: ignore[type-arg]
    newest = NewestPowers()
    expected: dict[int, tuple[int, int, int]] = {}

    for batch in batches:
        keep(newest, batch)
        for site, instant, meter, pv in batch:
            if instant >= expected.get(site, (-1,))[0]:
                expected[site] = instant, meter, pv

    for site, (instant, meter, pv) in expected.items():
        assert newest.instant(site) == instant
        assert newest.powers(site + 1)[:, site].tolist() == [meter, pv]


def test_it_goes_on_from_what_was_known() -> None:
    known = np.array([5000, 7000], dtype=np.int64)
    newest = NewestPowers.of(known, known // 10, known // 100)

    keep(newest, [(0, 4000, 1, 1), (1, 8000, 2, 3), (2, 1, 4, 4)])

    assert newest.powers(3).tolist() == [[500, 2, 4], [50, 3, 4]]
    assert known.tolist() == [5000, 7000]
