"""What a journal says in sum."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.exporter.columns import Record, columns

from exporter.totals import Totals


def totals_of(*batches: list[Record]) -> Totals:
    totals = Totals()
    for batch in batches:
        totals.add(columns(batch))
    return totals


def test_the_power_of_a_site_is_that_of_its_newest_record() -> None:
    totals = totals_of([("a", 0, 10, 0), ("a", 1000, 4320, 12345)])

    powers = totals.snapshot(sites=1).powers_w

    assert (powers.meter.tolist(), powers.pv.tolist(), powers.net.tolist()) == ([432.0], [1234.5], [-802.5])


def test_a_late_record_says_nothing_of_now_in_the_same_batch_or_in_a_later_one() -> None:
    totals = totals_of([("a", 5000, 10, 0), ("a", 4000, 20, 0)], [("a", 3000, 30, 0)])

    snapshot = totals.snapshot(sites=1)

    assert snapshot.powers_w.meter.tolist() == [1.0]
    assert snapshot.newest_instant == 5000


def test_energy_is_power_times_the_time_since_the_record_before() -> None:
    totals = totals_of([("a", 0, 10, 0), ("a", 2000, 30_000, 10_000)])

    energies = totals.snapshot(sites=1).energies_j

    # 3 kW x 2 s and 1 kW x 2 s; the difference comes from the grid
    assert [energy.tolist() for energy in energies] == [[6000.0], [2000.0], [4000.0], [0.0]]


def test_the_fleet_is_all_sites_however_few_are_asked_for() -> None:
    totals = totals_of([("a", 0, 10, 5), ("b", 0, 20, 50), ("a", 1000, 10, 5), ("b", 1000, 20, 50)])

    snapshot = totals.snapshot(sites=1)

    assert snapshot.sites == ["a"]
    assert snapshot.known_sites == 2
    assert snapshot.fleet_powers_w == (3.0, 5.5, -2.5)
    assert snapshot.fleet_energies_j == (3.0, 5.5, 0.5, 3.0)


def test_asked_for_more_sites_than_there_are_it_gives_those_there_are() -> None:
    totals = totals_of([("a", 0, 10, 0), ("b", 0, 20, 0)], [("c", 0, 30, 0)])

    snapshot = totals.snapshot(sites=9)

    assert snapshot.powers_w.meter.tolist() == [1.0, 2.0, 3.0]
    assert snapshot.energies_j.meter.tolist() == [0.0, 0.0, 0.0]


def test_sites_are_shown_in_the_order_in_which_they_were_first_seen() -> None:
    totals = totals_of([("c", 0, 3, 0), ("a", 0, 1, 0)], [("b", 0, 2, 0), ("a", 1, 1, 0)])

    snapshot = totals.snapshot(sites=3)

    assert snapshot.sites == ["c", "a", "b"]
    assert snapshot.powers_w.meter.tolist() == [0.3, 0.1, 0.2]


def test_before_the_first_record_there_is_nothing_but_counts() -> None:
    totals = Totals()
    totals.add(columns([], invalid=3))

    snapshot = totals.snapshot(sites=0)

    assert (snapshot.records, snapshot.invalid, snapshot.known_sites, snapshot.newest_instant) == (0, 3, 0, None)


def test_a_snapshot_stays_as_it_was() -> None:
    totals = totals_of([("a", 0, 10, 0)])
    snapshot = totals.snapshot(sites=1)

    totals.add(columns([("a", 1000, 20, 0)]))

    assert snapshot.powers_w.meter.tolist() == [1.0]
    assert snapshot.energies_j.meter.tolist() == [0.0]


@given(
    records=st.lists(
        st.tuples(st.sampled_from("abcde"), st.integers(0, 9), st.integers(0, 99), st.integers(0, 99)),
        max_size=40,
        unique_by=lambda record: record[:2],  # the journal holds each reading once
    ),
    cuts=st.lists(st.integers(0, 40), max_size=5),
)
def test_totals_do_not_depend_on_how_records_are_batched(records: list[Record], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(records)]
    newest = {site: max(r for r in records if r[0] == site) for site, *_ in records}

    batched = totals_of(*(records[start:end] for start, end in pairwise(edges)))

    snapshot = batched.snapshot(sites=5)
    whole = totals_of(records).snapshot(sites=5)
    assert snapshot.sites == whole.sites == list(dict.fromkeys(record[0] for record in records))
    assert [energy.tolist() for energy in snapshot.energies_j] == [energy.tolist() for energy in whole.energies_j]
    assert snapshot.fleet_energies_j == whole.fleet_energies_j
    assert snapshot.powers_w.meter.tolist() == [newest[site][2] / 10 for site in snapshot.sites]
    assert snapshot.powers_w.pv.tolist() == [newest[site][3] / 10 for site in snapshot.sites]
    assert snapshot.records == len(records)
