"""The day in bins of a minute."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exporter.columns import Record, columns

from exporter.day import Day
from exporter.totals import Today, Totals

MINUTE = 60_000
MIDNIGHT = 1_782_000_000_000  # 2026-06-21T00:00:00Z
BERLIN = ZoneInfo("Europe/Berlin")


def today(records: list[Record], site: str | None = None, *, day: Day | None = None) -> Today:
    totals = Totals(day or Day())
    totals.add(columns(records))
    found = totals.today(site)
    assert found is not None
    return found


def every(seconds: int, count: int, *, site: str = "a", meter: int = 0, pv: int = 0, start: int = 0) -> list[Record]:
    """So many records of a constant power [tenths of a watt], each so many seconds after the one before."""
    return [(site, MIDNIGHT + start + n * seconds * 1000, meter, pv) for n in range(count)]


def test_a_bin_has_the_mean_power_of_its_records() -> None:
    records = [("a", MIDNIGHT + 1000 * second, 1000 * second, 500) for second in range(60)]

    curve = today(records).curve

    # the first record stands for no time; the others for a second each: the mean of 100 W, 200 W, ... 5900 W
    assert (curve.meter[0], curve.pv[0]) == pytest.approx((3000.0, 50.0))
    assert np.isnan(curve.meter[1:]).all()


def test_the_fleet_is_the_sum_of_its_sites_in_a_bin_that_is_not_over_yet() -> None:
    records = every(1, 20, site="a", meter=1000) + every(1, 20, site="b", meter=3000)

    assert today(records).curve.meter[0] == pytest.approx(400.0)


def test_a_site_that_joins_in_a_later_chunk_counts_from_its_own_bin_on() -> None:
    totals = Totals(Day())
    totals.add(columns(every(30, 5, site="a", meter=1000)))
    totals.add(columns(every(30, 5, site="a", meter=1000, start=150_000)))
    totals.add(columns(every(30, 4, site="b", meter=5000, start=180_000)))

    found = totals.today(None)

    assert found is not None
    assert found.curve.meter[[0, 2, 4]] == pytest.approx([100.0, 100.0, 600.0])


@pytest.mark.parametrize("seconds", [120, 900, 3600])
def test_a_record_that_stands_for_many_minutes_fills_all_of_them(seconds: int) -> None:
    curve = today(every(seconds, 4, meter=1000)).curve

    last = 3 * seconds // 60
    assert np.isnan(curve.meter[last + 1 :]).all()
    assert curve.meter[1 : last + 1] == pytest.approx(np.full(last, 100.0))


def test_a_gap_of_more_than_an_hour_stays_a_gap() -> None:
    curve = today([*every(60, 3, meter=1000), *every(60, 2, meter=1000, start=3 * 3_600_000)]).curve

    assert np.flatnonzero(np.isnan(curve.meter)).tolist() == [0, *range(3, 181), *range(182, 1440)]


def test_the_energy_of_today_is_that_since_midnight() -> None:
    before = [("a", MIDNIGHT - 1000, 90_000, 0)]

    found = today([*before, *every(1, 11, meter=30_000, pv=10_000)], "a")

    # eleven seconds, of which the first began before midnight: a record belongs to the day of its timestamp
    assert found.energies_j == (33_000.0, 11_000.0, 22_000.0, 0.0)
    assert (found.date, found.begins, found.ends) == (date(2026, 6, 21), MIDNIGHT, MIDNIGHT + 86_400_000)


def test_a_new_day_begins_anew() -> None:
    found = today([*every(60, 3, meter=1000), *every(60, 2, meter=2000, start=86_400_000 - 60_000)])

    assert (found.date, found.energies_j[0]) == (date(2026, 6, 22), 12_000.0)
    assert found.curve.meter[0] == pytest.approx(200.0)


def test_a_record_of_yesterday_that_comes_late_is_not_of_today() -> None:
    found = today([*every(60, 2, meter=1000), ("b", MIDNIGHT - 120_000, 9, 9), ("b", MIDNIGHT - 60_000, 9, 9)])

    assert found.energies_j[0] == 6000.0


@pytest.mark.parametrize(
    ("instant", "bins"),
    [
        (1_774_735_200_000 + 3_600_000, 23 * 60),  # 2026-03-29, clocks go forward in Europe/Berlin
        (1_792_879_200_000 + 3_600_000, 25 * 60),  # 2026-10-25, clocks go back
        (1_782_000_000_000, 24 * 60),
    ],
)
def test_the_day_is_the_homes_own_also_when_clocks_change(instant: int, bins: int) -> None:
    found = today([("a", instant, 0, 0)], day=Day(BERLIN))

    assert len(found.curve.meter) == bins
    assert found.timezone == "Europe/Berlin"


def test_sites_beyond_the_limit_have_no_curve_but_energy_and_a_part_in_the_fleets() -> None:
    records = every(30, 5, site="a", meter=1000) + every(30, 5, site="b", meter=2000)

    found = today(records, "b", day=Day(max_curves=1))

    assert np.isnan(found.curve.meter).all()
    assert found.energies_j[0] == 24_000.0
    assert today(records, day=Day(max_curves=1)).curve.meter[0] == pytest.approx(300.0)


def test_a_site_without_a_record_has_no_day() -> None:
    totals = Totals()
    totals.add(columns(every(1, 2)))

    assert totals.today("nobody") is None
    assert Totals().today(None) is None


@given(
    interval_s=st.integers(1, 100),
    sites=st.integers(1, 3),
    cuts=st.lists(st.integers(0, 90), max_size=5),
)
def test_the_curve_does_not_depend_on_how_records_are_batched(interval_s: int, sites: int, cuts: list[int]) -> None:
    records = sorted(
        (record for site in "abc"[:sites] for record in every(interval_s, 30, site=site, meter=ord(site) * 10)),
        key=lambda record: record[1],
    )
    edges = [0, *sorted(cuts), len(records)]

    batched = Totals(Day())
    for start, end in pairwise(edges):
        batched.add(columns(records[start:end]))

    for site in [None, "a"]:
        found, whole = batched.today(site), today(records, site)
        assert found is not None
        assert found.energies_j == whole.energies_j
        np.testing.assert_allclose(found.curve.meter, whole.curve.meter, rtol=1e-6)
