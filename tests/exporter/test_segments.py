"""Following a journal from its checkpoint on."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.exporter.columns import START, Record, columns
from tests.exporter.segmented import SegmentedJournal

from exporter.follower import Follower
from exporter.following import unread
from exporter.totals import Snapshot, Today, Totals
from pvsim_common.segments import archive, closed_segment

SITES = ("home-1", "home-2")


def second(at: int, *, interval_ms: int = 1000) -> list[Record]:
    """The records of a second: 100 W at the first one and a watt more at each, and 50 W of the plant."""
    return [(site, START + interval_ms * at, 1000 + 10 * at, 500) for site in SITES]


def journal_of(directory: Path, *, seconds: int, per_segment: int) -> SegmentedJournal:
    """A journal whose segments hold so many seconds each; the last one is open."""
    journal = SegmentedJournal(directory)
    for at in range(seconds):
        if at and at % per_segment == 0:
            journal.rotate()
        journal.append(*second(at))
    return journal


def read_all(follower: Follower) -> Snapshot:
    while follower.advance().sites or follower.is_reading_back or not follower.caught_up:
        pass
    assert follower.totals is not None
    return follower.totals.snapshot(sites=9)


def today_of(totals: Totals) -> Today:
    today = totals.today(None)
    assert today is not None
    return today


def test_totals_go_on_from_the_checkpoint(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=10, per_segment=3)
    without = read_all(Follower(tmp_path))
    journal.write_checkpoint()

    snapshot = read_all(Follower(tmp_path))

    # 100 W ... 109 W: nine of ten seconds count, the first record stands for no time
    assert snapshot.fleet_energies_j[0] == without.fleet_energies_j[0] == 2 * sum(range(101, 110))
    assert (snapshot.records, snapshot.sites, snapshot.newest_instant) == (20, list(SITES), START + 9000)
    assert snapshot.powers_w.meter.tolist() == [109.0, 109.0]


def test_segments_that_the_checkpoint_covers_are_not_read_before_the_totals_are_shown(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=3)
    journal.write_checkpoint()
    for number in (1, 2):
        closed_segment(tmp_path, number).write_bytes(b"")

    follower = Follower(tmp_path)
    follower.advance()

    assert unread([follower]) is None
    assert follower.totals is not None
    assert follower.totals.snapshot(sites=0).records == 18


def test_a_journal_whose_closed_segments_are_all_gone_goes_on(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=3)
    before = read_all(Follower(tmp_path))
    journal.write_checkpoint()
    for number in (1, 2):
        journal.remove(number)

    follower = Follower(tmp_path)
    after = read_all(follower)
    journal.append(*second(9))

    assert (after.records, after.fleet_energies_j) == (before.records, before.fleet_energies_j)
    assert read_all(follower).records == 20


def test_a_site_that_comes_after_the_checkpoint_follows_those_in_it(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=4, per_segment=3)
    journal.write_checkpoint()
    journal.append(("home-0", START, 70, 0), ("home-0", START + 1000, 80, 0))

    snapshot = read_all(Follower(tmp_path))

    assert snapshot.sites == [*SITES, "home-0"]
    assert snapshot.energies_j.meter.tolist() == [306.0, 306.0, 8.0]


@pytest.mark.parametrize("content", [b"{", b'{"segment":7}', b"[" * 100_000])
def test_without_a_checkpoint_that_can_be_read_all_segments_are_and_the_log_says_so(
    tmp_path: Path, content: bytes
) -> None:
    journal_of(tmp_path, seconds=9, per_segment=3)
    (tmp_path / "checkpoint.json").write_bytes(content)

    with capture_logs() as events:
        snapshot = read_all(Follower(tmp_path))

    assert snapshot.records == 18
    assert events[0]["event"] == "checkpoint_unreadable"


def test_numbers_beyond_all_bounds_are_a_broken_checkpoint(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=3)
    journal.write_checkpoint()
    path = tmp_path / "checkpoint.json"
    path.write_text(path.read_text().replace(str(START + 5000), str(1 << 63)))

    with capture_logs() as events:
        snapshot = read_all(Follower(tmp_path))

    assert snapshot.records == 18
    assert events[0]["event"] == "checkpoint_unreadable"


def test_a_follower_that_was_overtaken_by_retention_begins_again_at_the_checkpoint(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=3, per_segment=9)
    follower = Follower(tmp_path, chunk_bytes=600)
    follower.advance()
    for at in range(3, 9):
        journal.rotate()
        journal.append(*second(at))
    journal.write_checkpoint()
    for number in range(1, 6):
        journal.remove(number)

    snapshot = read_all(follower)

    assert (snapshot.records, snapshot.fleet_energies_j[0]) == (18, 2 * sum(range(101, 109)))


def test_a_journal_that_was_moved_aside_begins_anew(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=3)
    journal.write_checkpoint()
    (tmp_path / "journal.json").write_text("{}")
    follower = Follower(tmp_path)
    before = read_all(follower)

    archive(tmp_path)
    meanwhile = read_all(follower)
    (tmp_path / "journal.json").write_text('{"another": "one"}')
    SegmentedJournal(tmp_path).append(*second(0), *second(1))
    after = read_all(follower)

    assert (before.records, meanwhile.records, after.records) == (18, 0, 4)


def test_what_is_taken_back_for_want_of_room_does_not_take_the_counters_back(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=5)
    follower = Follower(tmp_path)
    before = read_all(follower)

    os.truncate(journal.segment, journal.segment.stat().st_size // 2)  # two of four seconds
    meanwhile = [read_all(follower), read_all(follower)]
    ready = unread([follower])
    journal.append(*second(7), *second(8), *second(9))
    after = read_all(follower)

    assert ready is None
    assert [each.fleet_energies_j for each in meanwhile] == [before.fleet_energies_j] * 2
    assert after.fleet_energies_j[0] == 2 * sum(range(101, 110))


def test_the_size_is_that_of_all_files_compressed_or_not(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=3)
    journal.compress(1)
    journal.write_checkpoint()

    files = [path.stat().st_size for path in tmp_path.iterdir()]

    assert len(files) == 4
    assert Follower(tmp_path).size == sum(files)


def test_following_changes_nothing_in_the_directory(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, seconds=9, per_segment=3)
    journal.compress(1)
    journal.write_checkpoint()
    before = _stamps(tmp_path)

    read_all(Follower(tmp_path))

    assert _stamps(tmp_path) == before


def _stamps(directory: Path) -> dict[str, tuple[int, int, int]]:
    stats = {path.name: path.stat() for path in [directory, *directory.iterdir()]}
    return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


@given(
    per_segment=st.integers(1, 12),
    covered=st.integers(0, 12),
    compressed=st.sets(st.integers(1, 12)),
    chunk_bytes=st.integers(300, 3000),
)
def test_today_is_the_same_however_the_journal_is_cut_into_segments(
    tmp_path_factory: pytest.TempPathFactory, per_segment: int, covered: int, compressed: set[int], chunk_bytes: int
) -> None:
    directory = tmp_path_factory.mktemp("journal")
    journal = SegmentedJournal(directory)
    for at in range(12):
        journal.append(*second(at, interval_ms=50_000))
        if at % per_segment == 0:
            journal.rotate()
        if at == covered and journal.closed:
            journal.write_checkpoint()
    for number in compressed & set(journal.there()):
        journal.compress(number)
    forwards = Totals()
    forwards.add(columns(journal.records))

    follower = Follower(directory, chunk_bytes=chunk_bytes)
    read_all(follower)

    today, expected = today_of(follower.now), today_of(forwards)
    assert (today.energies_j, today.powers_w) == (expected.energies_j, expected.powers_w)
    assert str(today.curve.meter.round(3).tolist()) == str(expected.curve.meter.round(3).tolist())
    assert follower.loaded_from is None


def test_beside_a_writer_that_rotates_compresses_and_removes_each_record_counts_once(tmp_path: Path) -> None:
    journal = SegmentedJournal(tmp_path)
    journal.segment.touch()
    follower = Follower(tmp_path)
    writer = threading.Thread(target=_write_in_haste, args=(journal, 400))
    records: list[int] = []

    writer.start()
    while writer.is_alive() or not records or records[-1] < len(journal.records):
        follower.advance()
        records += [follower.totals.snapshot(sites=0).records] if follower.totals else []
    writer.join()

    assert records == sorted(records)
    assert read_all(follower).records == len(journal.records)
    assert read_all(follower).fleet_energies_j == read_all(Follower(tmp_path)).fleet_energies_j


def _write_in_haste(journal: SegmentedJournal, seconds: int) -> None:
    for at in range(seconds):
        journal.append(*second(at))
        journal.rotate()
        number = len(journal.closed)
        if at % 3:
            journal.compress(number, keep=at % 2 == 0)
        if at % 5 == 0:
            journal.write_checkpoint()
            for each in journal.there()[:-2]:
                journal.remove(each)
