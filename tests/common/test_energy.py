"""Energy from power."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim_common.energy import EnergyTotals

Record = tuple[int, int, int, int]
"""Site index, instant [ms since 1970], meter and PV power [tenths of a watt]."""

HOUR_MS = 3_600_000
KILOWATT = 10_000  # tenths of a watt


def totals_of(*batches: list[Record]) -> EnergyTotals:
    totals = EnergyTotals()
    for batch in batches:
        columns = np.array(batch, dtype=np.int64).reshape(-1, 4).T
        totals.add(*columns)
    return totals


def meter_energy_j(*batches: list[Record]) -> float:
    return totals_of(*batches).fleet()[0]


def sums_by_a_plain_loop(records: list[Record]) -> dict[int, list[int]]:
    """Energies of each site [tenths of a watt x milliseconds] as the definition says, one record after the other."""
    newest: dict[int, int] = {}
    sums: dict[int, list[int]] = {}
    for site, instant, meter, pv in records:
        elapsed = instant - newest.get(site, instant)
        elapsed = elapsed if 0 < elapsed <= HOUR_MS else 0
        powers = [meter, pv, max(meter - pv, 0), max(pv - meter, 0)]
        sums[site] = [total + power * elapsed for total, power in zip(sums.get(site, [0] * 4), powers, strict=True)]
        newest[site] = max(instant, newest.get(site, instant))
    return sums


def test_a_kilowatt_for_a_second_is_a_kilojoule() -> None:
    assert meter_energy_j([(0, 0, 0, 0), (0, 1000, KILOWATT, 0)]) == 1000.0


def test_a_kilowatt_for_an_hour_is_a_kilowatt_hour() -> None:
    assert meter_energy_j([(0, 0, 0, 0), (0, HOUR_MS, KILOWATT, 0)]) == 3_600_000.0


def test_the_first_record_of_a_site_adds_nothing() -> None:
    assert meter_energy_j([(0, 1_782_036_000_000, KILOWATT, 0)]) == 0.0


def test_a_gap_of_more_than_an_hour_adds_nothing() -> None:
    assert meter_energy_j([(0, 0, 0, 0), (0, HOUR_MS + 1, KILOWATT, 0)]) == 0.0


def test_after_a_gap_the_next_record_counts_from_its_end() -> None:
    records = [(0, 0, 0, 0), (0, HOUR_MS + 1, KILOWATT, 0), (0, HOUR_MS + 1001, KILOWATT, 0)]

    assert meter_energy_j(records) == 1000.0


@pytest.mark.parametrize("late", [0, 500, 1000])
def test_a_late_or_repeated_record_adds_nothing_in_the_same_batch_or_in_the_next(late: int) -> None:
    first = [(0, 0, 0, 0), (0, 1000, KILOWATT, 0)]
    second = [(0, late, KILOWATT, 0)]

    assert meter_energy_j(first + second) == meter_energy_j(first, second) == 1000.0


def test_a_late_record_does_not_make_the_next_one_count_more() -> None:
    records = [(0, 0, 0, 0), (0, 1000, KILOWATT, 0), (0, 500, KILOWATT, 0), (0, 2000, KILOWATT, 0)]

    assert meter_energy_j(records) == 2000.0


def test_what_the_plant_does_not_cover_is_imported_and_what_is_left_over_exported() -> None:
    totals = totals_of([(0, 0, 0, 0), (0, 1000, 4320, 12345), (0, 2000, 5000, 2000)])

    # 432 W and 1234.5 W, then 500 W and 200 W, each for a second
    assert totals.fleet() == (932.0, 1434.5, 300.0, 802.5)


def test_the_fleet_is_the_sum_of_its_sites() -> None:
    totals = totals_of([(0, 0, 0, 0), (1, 0, 0, 0), (0, 1000, KILOWATT, 0), (1, 1000, 2 * KILOWATT, KILOWATT)])

    energies = totals.energies()

    assert energies.meter.tolist() == [1000.0, 2000.0]
    assert energies.exported.tolist() == [0.0, 0.0]
    assert totals.fleet() == (3000.0, 1000.0, 2000.0, 0.0)


def test_energies_are_those_of_the_known_sites_however_the_number_grew() -> None:
    totals = totals_of([(0, 0, 0, 0), (1, 0, 0, 0)], [(2, 0, 0, 0)])

    assert [len(energy) for energy in totals.energies()] == [3, 3, 3, 3]


def test_nothing_added_is_nothing() -> None:
    assert totals_of([]).fleet() == (0.0, 0.0, 0.0, 0.0)


def test_sums_stay_exact_where_floating_point_numbers_would_not() -> None:
    hours = 20_000
    megawatt = 1_000 * KILOWATT
    after = hours * HOUR_MS
    records = [(0, hour * HOUR_MS, megawatt, 0) for hour in range(hours + 1)]
    small = [(0, after + millisecond, 1, 0) for millisecond in range(1, 1001)]  # 0.1 W for 1 s

    # A tenth of a millijoule, added to 1 MW x 20,000 h as a float, vanishes, a thousand times.
    assert 7.2e13 + 1e-4 == 7.2e13
    assert meter_energy_j(records, *([record] for record in small)) == 7.2e13 + 0.1


sites = st.integers(0, 5)
instants = st.one_of(st.integers(0, 20), st.sampled_from([HOUR_MS, HOUR_MS + 1, HOUR_MS + 5, 7_258_118_399_999]))
powers = st.integers(0, 10_000_000)


@given(
    records=st.lists(st.tuples(sites, instants, powers, powers), max_size=40),
    cuts=st.lists(st.integers(0, 40), max_size=6),
)
def test_any_batching_gives_the_sums_of_the_plain_definition(records: list[Record], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(records)]
    expected = sums_by_a_plain_loop(records)

    totals = totals_of(*(records[start:end] for start, end in pairwise(edges)))

    energies = totals.energies()
    for site, sums in expected.items():
        assert [energy[site] for energy in energies] == [total / 10_000 for total in sums]
    assert totals.fleet() == tuple(sum(sums[at] for sums in expected.values()) / 10_000 for at in range(4))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 250), instants, powers, powers), min_size=1, max_size=6))
def test_runs_of_many_sites_give_the_sums_of_the_plain_definition(runs: list[tuple[int, int, int, int, int]]) -> None:
    records = [
        (site, instant, meter, pv)
        for first, length, instant, meter, pv in runs  # some long enough not to be sorted, some not
        for site in range(first, first + length)
    ]
    expected = sums_by_a_plain_loop(records)

    half = len(records) // 2

    together, in_halves = totals_of(records), totals_of(records[:half], records[half:])

    for totals in (together, in_halves):
        energies = totals.energies()
        for site, sums in expected.items():
            assert [energy[site] for energy in energies] == [total / 10_000 for total in sums]


@given(st.lists(st.tuples(sites, instants, powers, powers), max_size=20), st.tuples(sites, instants, powers, powers))
def test_totals_never_step_back(records: list[Record], one_more: Record) -> None:
    before = totals_of(records).fleet()

    after = totals_of(records, [one_more]).fleet()

    assert all(new >= old for new, old in zip(after, before, strict=True))


@given(st.lists(st.tuples(sites, instants, powers, powers), max_size=40), st.integers(0, 40))
def test_totals_that_go_on_from_a_state_are_those_that_never_stopped(records: list[Record], at: int) -> None:
    before, after = records[:at], records[at:]
    stopped = totals_of(before)
    newest, sums = stopped.state()

    resumed = EnergyTotals.of(newest, sums)
    for totals in (stopped, resumed):
        totals.add(*np.array(after, dtype=np.int64).reshape(-1, 4).T)

    assert np.array_equal(resumed.energies(), stopped.energies())
    assert [column.tolist() for column in resumed.state()] == [column.tolist() for column in stopped.state()]
