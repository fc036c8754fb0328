"""What the live page shows, from journals as they are on disk."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from tests.exporter.columns import START, lines

from exporter.follower import Follower
from exporter.live import Live, Sight
from exporter.pvsim_status import Status

IDENTITY = (
    '{"partition":%d,"partitions":2,"seed":1,"place":"48.14 11.58 520 Europe/Berlin",'
    '"variation":true,"sky":"clear","model":"1"}'
)


def write(directory: Path, *records: tuple[int, str, int, float]) -> Path:
    directory.mkdir(exist_ok=True)
    with (directory / "results.jsonl").open("ab") as file:
        file.write(lines(*records))
    return directory


def live_of(*directories: Path, stale_after_s: float = 15.0) -> Live:
    followers = [Follower(directory) for directory in directories]
    for follower in followers:
        follower.advance()
    return Live(followers, stale_after_s=stale_after_s)


def look(live: Live, site: str | None = None) -> Sight:
    return live.look(site, Status("ok", 2, 0))


def test_a_site_is_shown_as_its_newest_record_and_its_day(tmp_path: Path) -> None:
    live = live_of(write(tmp_path, (0, "home-1", 1000, 0.0), (60, "home-1", 400, 1000.0), (60, "home-2", 5, 0.0)))

    now = look(live, "home-1").now

    assert (now.timestamp_ms, now.meter_w, now.pv_w, now.net_w) == (START + 60_000, 400.0, 1000.0, -600.0)
    assert now.energy_today_j.pv == 60_000.0
    assert now.energy_today_j.exported == 36_000.0
    assert now.self_consumption == pytest.approx(0.4)
    assert now.self_sufficiency == 1.0


def test_the_fleet_is_all_sites_of_all_journals(tmp_path: Path) -> None:
    one = write(tmp_path / "0", (0, "home-1", 1000, 0.0), (60, "home-1", 1000, 3000.0))
    other = write(tmp_path / "1", (0, "home-2", 500, 0.0), (60, "home-2", 500, 0.0))
    (one / "journal.json").write_text(IDENTITY % 0)
    (other / "journal.json").write_text(IDENTITY % 1)

    sight = look(live_of(one, other))

    assert (sight.now.meter_w, sight.now.pv_w, sight.now.net_w) == (1500.0, 3000.0, -1500.0)
    assert (sight.now.energy_today_j.imported, sight.now.energy_today_j.exported) == (30_000.0, 120_000.0)
    assert sight.now.sites == 2
    assert [(each.partition, each.partitions) for each in sight.now.journals] == [(0, 2), (1, 2)]
    assert sight.today is not None
    assert sight.today.curve.meter[12 * 60 + 1] == pytest.approx(1500.0)  # 10:01 UTC in Berlin
    assert np.isnan(sight.today.curve.meter[0])


def test_before_the_first_record_there_is_nothing_to_show(tmp_path: Path) -> None:
    sight = look(live_of(tmp_path / "journal"))

    assert sight.today is None
    assert (sight.now.timestamp_ms, sight.now.meter_w, sight.now.self_consumption, sight.now.sites) == (
        None,
        None,
        None,
        0,
    )
    assert (sight.now.pipeline.last_write_age_s, sight.now.pipeline.stale) == (None, False)


def test_a_site_that_nobody_knows_has_no_record_but_the_fleet_is_counted(tmp_path: Path) -> None:
    now = look(live_of(write(tmp_path, (0, "home-1", 1000, 0.0))), "nobody").now

    assert (now.timestamp_ms, now.sites, now.pipeline.records) == (None, 1, 1)


def test_at_night_there_is_no_self_consumption(tmp_path: Path) -> None:
    now = look(live_of(write(tmp_path, (0, "home-1", 1000, 0.0), (1, "home-1", 1000, 0.0)))).now

    assert (now.self_consumption, now.self_sufficiency) == (None, 0.0)


def test_a_journal_that_is_no_longer_written_is_stale(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 1000, 0.0))
    fresh = look(live_of(tmp_path)).now.pipeline
    long_ago = time.time() - 20
    os.utime(tmp_path / "results.jsonl", (long_ago, long_ago))

    stale, patient = (look(live_of(tmp_path, stale_after_s=after)).now.pipeline for after in (15, 60))

    assert (fresh.stale, stale.stale, patient.stale) == (False, True, False)
    assert stale.last_write_age_s == pytest.approx(20, abs=5)


def test_a_long_interval_is_waited_for_three_times(tmp_path: Path) -> None:
    write(tmp_path, (0, "home-1", 1000, 0.0))
    follower = Follower(tmp_path)
    follower.advance()
    for when_s in (0.0, 30.0):
        follower.pace.note(1, when_s)
    long_ago = time.time() - 80
    os.utime(tmp_path / "results.jsonl", (long_ago, long_ago))
    follower.advance()

    assert not look(Live([follower], stale_after_s=15)).now.pipeline.stale


def test_while_the_journal_is_read_the_page_says_how_much_of_it(tmp_path: Path) -> None:
    write(tmp_path, *((second, "home-1", 1000, 0.0) for second in range(100)))
    follower = Follower(tmp_path, chunk_bytes=6000)
    follower.advance()

    pipeline = look(Live([follower], stale_after_s=15)).now.pipeline

    assert pipeline.records is None
    assert pipeline.read_share is not None
    assert 0.4 < pipeline.read_share < 0.6


def test_what_pvsim_says_is_passed_on(tmp_path: Path) -> None:
    pipeline = look(live_of(write(tmp_path, (0, "home-1", 1000, 0.0)))).now.pipeline

    assert (pipeline.pvsim, pipeline.quarantined, pipeline.discarded) == ("ok", 2, 0)


def test_sites_are_found_by_a_part_of_their_name_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    names = ["home-10", "home-2", "home-1", "my-home-1", "zoo"]
    live = live_of(write(tmp_path, *((0, name, 1, 0.0) for name in names)))

    assert live.sites("", 9) == ["home-1", "home-2", "home-10", "my-home-1", "zoo"]
    assert live.sites("home-1", 9) == ["home-1", "home-10", "my-home-1"]
    assert live.sites("home", 2) == ["home-1", "home-2"]
    assert live.sites("nobody", 9) == []


def test_a_site_that_comes_later_is_found_too(tmp_path: Path) -> None:
    follower = Follower(write(tmp_path, (0, "home-1", 1, 0.0)))
    follower.advance()
    live = Live([follower], stale_after_s=15)
    before = live.sites("", 9)

    write(tmp_path, (0, "home-2", 1, 0.0))
    follower.advance()

    assert (before, live.sites("", 9)) == (["home-1"], ["home-1", "home-2"])
