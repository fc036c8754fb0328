"""Today, read backwards from the segments before the totals' first record."""

from pathlib import Path

import numpy as np
import pytest
from tests.exporter.columns import Record, columns
from tests.exporter.segmented import SegmentedJournal, checkpoint_of

from exporter.day import Day
from exporter.earlier import Earlier
from exporter.follower import Follower
from exporter.totals import Today, Totals

MIDNIGHT = 1_782_000_000_000  # 2026-06-21T00:00:00Z


def records_of(*, begins: int, count: int, sites: int = 2, interval_s: int = 10) -> list[Record]:
    """So many instants of each site, whose power rises by a watt from one to the next."""
    return [
        (f"home-{site}", begins + n * interval_s * 1000, 10 * (n + site), 20 * n)
        for n in range(count)
        for site in range(sites)
    ]


def journal_of(directory: Path, records: list[Record], *, segments: int = 3, compressed: bool = False) -> int:
    """A journal of so many closed segments; the number of the last one."""
    journal = SegmentedJournal(directory)
    size = -(-len(records) // segments)
    for begin in range(0, len(records), size):
        journal.append(*records[begin : begin + size])
        journal.rotate()
        if compressed:
            journal.compress(len(journal.closed))
    journal.write_checkpoint()
    return len(journal.closed)


class Loading:
    """A day that is read backwards, after totals that begin behind the last segment."""

    def __init__(self, directory: Path, records: list[Record], newest: int, **limits: int) -> None:
        self.day = Day()
        self.totals = Totals.after(checkpoint_of(records, newest), self.day)
        self.earlier = Earlier(directory, newest, totals=self.totals, day=self.day, **limits)

    def all(self) -> "Loading":
        """Read back all there is to read."""
        while self.earlier.is_reading:
            self.earlier.advance()
        return self

    def today(self, site: str | None = None) -> Today:
        """The day as it is by now."""
        today = self.totals.today(site)
        assert today is not None
        return today


def forwards(records: list[Record], site: str | None = None) -> Today:
    totals = Totals()
    totals.add(columns(records))
    today = totals.today(site)
    assert today is not None
    return today


@pytest.mark.parametrize("block_bytes", [300, 1000, 5000, 1 << 20])
@pytest.mark.parametrize("site", [None, "home-1"])
@pytest.mark.parametrize("compressed", [False, True])
def test_backwards_the_day_is_the_same_as_forwards(
    tmp_path: Path, block_bytes: int, site: str | None, compressed: bool
) -> None:
    records = records_of(begins=MIDNIGHT, count=60)
    newest = journal_of(tmp_path, records, compressed=compressed)

    backwards = Loading(tmp_path, records, newest, block_bytes=block_bytes).all().today(site)

    whole = forwards(records, site)
    assert (backwards.instant, backwards.powers_w) == (whole.instant, whole.powers_w)
    assert backwards.energies_j == whole.energies_j
    np.testing.assert_allclose(backwards.curve.pv, whole.curve.pv, rtol=1e-6)


@pytest.mark.parametrize("interval_s", [60, 300])
def test_backwards_the_fleet_has_all_its_sites_in_each_minute(tmp_path: Path, interval_s: int) -> None:
    records = records_of(begins=MIDNIGHT, count=60, sites=20, interval_s=interval_s)
    newest = journal_of(tmp_path, records)

    curve = Loading(tmp_path, records, newest, block_bytes=5000).all().today().curve  # two or three instants a block

    np.testing.assert_allclose(curve.meter, forwards(records).curve.meter, rtol=1e-6)


def test_it_stops_where_today_begins(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT - 3_600_000, count=400)  # 1 h before midnight, some minutes after it
    newest = journal_of(tmp_path, records, segments=10)
    for number in (1, 2, 3, 4):
        (tmp_path / f"results-{number:08}.jsonl").unlink()  # of yesterday: nobody needs them

    loading = Loading(tmp_path, records, newest, block_bytes=1000).all()

    assert loading.earlier.loaded_from is None
    assert loading.today().energies_j == forwards(records).energies_j


def test_what_the_limit_leaves_out_is_said(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=600, sites=1)
    newest = journal_of(tmp_path, records)

    loading = Loading(tmp_path, records, newest, block_bytes=2000, limit_bytes=20_000).all()

    assert loading.earlier.loaded_from is not None
    first = (loading.earlier.loaded_from - MIDNIGHT) // 60_000
    curve = loading.today().curve
    assert 0 < first < 99
    assert np.isnan(curve.meter[:first]).all()
    assert not np.isnan(curve.meter[first + 1 : 100]).any()


def test_what_retention_has_removed_is_said(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=60, sites=1)
    newest = journal_of(tmp_path, records)
    (tmp_path / "results-00000002.jsonl").unlink()

    loading = Loading(tmp_path, records, newest).all()

    assert loading.earlier.loaded_from == MIDNIGHT + 40 * 10_000


def test_the_newest_comes_first(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=600, sites=1)
    loading = Loading(tmp_path, records, journal_of(tmp_path, records), block_bytes=2000)

    loading.earlier.advance()

    today = loading.today()
    assert today.instant == MIDNIGHT + 599 * 10_000
    assert np.isnan(today.curve.meter[:90]).all()
    assert not np.isnan(today.curve.meter[98:100]).any()
    assert loading.earlier.loaded_from is not None
    assert MIDNIGHT + 580 * 10_000 < loading.earlier.loaded_from < MIDNIGHT + 590 * 10_000


def test_what_is_added_meanwhile_goes_on_where_the_checkpoint_ended(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=60)
    added: list[Record] = [("home-0", MIDNIGHT + 600_000, 50_000, 0), ("home-1", MIDNIGHT + 600_000, 70_000, 0)]
    loading = Loading(tmp_path, records, journal_of(tmp_path, records), block_bytes=500)
    loading.earlier.advance()

    loading.totals.add(columns(added))

    loading.all()
    assert loading.today().powers_w == (12_000.0, 0.0)
    assert loading.today().energies_j == forwards(records + added).energies_j


def test_a_midnight_that_passes_meanwhile_ends_it(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=600)
    loading = Loading(tmp_path, records, journal_of(tmp_path, records), block_bytes=2000)
    loading.earlier.advance()

    loading.totals.add(columns([("home-0", MIDNIGHT + 86_400_000, 10, 0)]))
    loading.earlier.advance()

    assert not loading.earlier.is_reading
    assert loading.earlier.loaded_from is None


def test_segments_of_another_journal_than_the_checkpoints_are_left_out(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=60, sites=3)
    newest = journal_of(tmp_path, records)

    loading = Loading(tmp_path, records_of(begins=MIDNIGHT, count=60, sites=2), newest).all()

    assert loading.totals.today(None) is None
    assert loading.totals.snapshot(sites=9).sites == ["home-0", "home-1"]


def test_a_follower_reads_today_back_after_it_has_shown_its_totals(tmp_path: Path) -> None:
    records = records_of(begins=MIDNIGHT, count=60)
    journal_of(tmp_path, records)
    follower = Follower(tmp_path)

    follower.advance()
    first = follower.now.today(None)
    is_reading_back = follower.is_reading_back
    while follower.is_reading_back:
        follower.advance()

    assert follower.totals is not None
    today = follower.now.today(None)
    assert (first, is_reading_back) == (None, True)
    assert today is not None
    assert today.energies_j == forwards(records).energies_j


def test_the_time_zone_is_that_of_the_journal_also_when_it_is_named_later(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    follower.advance()
    (tmp_path / "journal.json").write_text(
        '{"partition":0,"partitions":1,"seed":1,"place":"48.14 11.58 520 Europe/Berlin",'
        '"variation":true,"sky":"clear","model":"1"}'
    )
    SegmentedJournal(tmp_path).append(*records_of(begins=MIDNIGHT - 7_200_000, count=3))

    follower.advance()

    today = follower.now.today(None)
    assert today is not None
    assert (today.timezone, today.begins) == ("Europe/Berlin", MIDNIGHT - 7_200_000)
