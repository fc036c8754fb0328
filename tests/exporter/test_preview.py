"""Today, read backwards from the end of a journal."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.day import Day
from exporter.follower import Follower
from exporter.preview import Preview
from exporter.readback import blocks_before, end_of_lines
from exporter.tail import ReplacedError
from exporter.totals import Today
from pvsim_common.messages import PowerRecord, encode_records, format_timestamp

MIDNIGHT = 1_782_000_000_000  # 2026-06-21T00:00:00Z


def line(instant: int, site: str, meter_w: int, pv_w: int = 0) -> bytes:
    record = PowerRecord(
        format_timestamp(instant),
        site,
        meter_w / 1000,
        pv_w / 1000,
        (meter_w + pv_w) / 1000,
        (meter_w - pv_w) / 1000,
    )
    return encode_records([record])


def journal_of(directory: Path, *, begins: int, count: int, sites: int = 2, interval_s: int = 10) -> Path:
    """A journal of so many instants of each site, whose power rises by a watt from one to the next."""
    path = directory / "results.jsonl"
    path.write_bytes(
        b"".join(
            line(begins + n * interval_s * 1000, f"home-{site}", n + site, 2 * n)
            for n in range(count)
            for site in range(sites)
        )
    )
    return path


def read_back(path: Path, **limits: int) -> Preview:
    preview = Preview(path, Day(), **limits)
    while preview.is_reading_back:
        preview.advance()
    return preview


def day_of(preview: Preview, site: str | None = None) -> Today:
    today = preview.totals.today(site)
    assert today is not None
    return today


def forwards(path: Path, site: str | None = None) -> Today:
    follower = Follower(path.parent)
    while not follower.caught_up:
        follower.advance()
    today = follower.now.today(site)
    assert today is not None
    return today


@pytest.mark.parametrize("block_bytes", [200, 1000, 5000, 1 << 20])
@pytest.mark.parametrize("site", [None, "home-1"])
def test_backwards_the_day_is_the_same_as_forwards(tmp_path: Path, block_bytes: int, site: str | None) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT, count=60)

    backwards, whole = day_of(read_back(path, block_bytes=block_bytes), site), forwards(path, site)

    assert (backwards.instant, backwards.powers_w) == (whole.instant, whole.powers_w)
    assert backwards.energies_j == whole.energies_j
    np.testing.assert_allclose(backwards.curve.pv, whole.curve.pv, rtol=1e-6)


@pytest.mark.parametrize("interval_s", [60, 300])
def test_backwards_the_fleet_has_all_its_sites_in_each_minute(tmp_path: Path, interval_s: int) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT, count=60, sites=20, interval_s=interval_s)

    curve = day_of(read_back(path, block_bytes=5000)).curve  # two or three instants a block

    np.testing.assert_allclose(curve.meter, forwards(path).curve.meter, rtol=1e-6)


def test_it_stops_where_today_begins(tmp_path: Path) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT - 3_600_000, count=400)  # 11 h before and after midnight

    preview = Preview(path, Day(), block_bytes=1000)
    blocks = 0
    while preview.is_reading_back:
        preview.advance()
        blocks += 1

    assert blocks < path.stat().st_size // 1000 / 4
    assert preview.loaded_from is None
    assert day_of(preview).energies_j == forwards(path).energies_j


def test_what_the_limit_leaves_out_is_said(tmp_path: Path) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT, count=600, sites=1)

    preview = read_back(path, block_bytes=2000, limit_bytes=20_000)

    assert preview.loaded_from is not None
    first = (preview.loaded_from - MIDNIGHT) // 60_000
    curve = day_of(preview).curve
    assert 0 < first < 99
    assert np.isnan(curve.meter[:first]).all()
    assert not np.isnan(curve.meter[first + 1 : 100]).any()


def test_the_newest_comes_first(tmp_path: Path) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT, count=600, sites=1)
    preview = Preview(path, Day(), block_bytes=2000)

    preview.advance()

    today = day_of(preview)
    assert today.instant == MIDNIGHT + 599 * 10_000
    assert np.isnan(today.curve.meter[:90]).all()
    assert not np.isnan(today.curve.meter[98:100]).any()
    assert preview.loaded_from == MIDNIGHT + (600 - 2000 // len(line(MIDNIGHT, "home-0", 999, 999))) * 10_000


def test_what_is_added_meanwhile_goes_on_where_the_end_was(tmp_path: Path) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT, count=60)
    preview = Preview(path, Day(), block_bytes=500)
    preview.advance()

    with path.open("ab") as file:
        file.write(line(MIDNIGHT + 600_000, "home-0", 5000) + line(MIDNIGHT + 600_000, "home-1", 7000))
    while preview.is_reading_back:
        preview.advance()

    assert day_of(preview).powers_w == (12_000.0, 0.0)
    assert day_of(preview).energies_j == forwards(path).energies_j


def test_a_journal_that_was_replaced_is_told(tmp_path: Path) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT, count=60)
    preview = read_back(path)
    preview.advance()

    path.rename(tmp_path / "old")
    journal_of(tmp_path, begins=MIDNIGHT, count=60)

    with pytest.raises(ReplacedError):
        preview.advance()


def test_a_follower_shows_today_long_before_it_has_read_all(tmp_path: Path) -> None:
    path = journal_of(tmp_path, begins=MIDNIGHT - 86_400_000, count=9000)
    follower = Follower(tmp_path, chunk_bytes=10_000, preview_from_bytes=1000)

    while follower.is_reading_back:
        follower.advance()

    caught_up_then, shown_then = follower.caught_up, _shown(follower)
    while follower.preview is not None:
        follower.advance()

    assert (caught_up_then, follower.caught_up) == (False, True)
    assert shown_then == _shown(follower) == (forwards(path).date, forwards(path).energies_j)


def _shown(follower: Follower) -> tuple[date, tuple[float, ...]]:
    today = follower.now.today(None)
    assert today is not None
    return today.date, today.energies_j


@given(
    content=st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"")), max_size=12), block=st.integers(1, 40)
)
def test_blocks_are_all_lines_once_from_the_end_unless_one_is_longer(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes], block: int
) -> None:
    path = tmp_path_factory.mktemp("blocks") / "file"
    whole = b"".join(each + b"\n" for each in content)
    path.write_bytes(whole + b"half a li")
    longest = max((len(each) + 1 for each in content), default=0)

    end = end_of_lines(path, path.stat().st_size, block_bytes=max(block, 10))
    blocks = list(blocks_before(path, len(whole), block_bytes=block))

    assert end in (len(whole), 0)
    assert whole.endswith(b"".join(reversed(blocks)))
    assert all(each.endswith(b"\n") for each in blocks)
    if longest < block:
        assert b"".join(reversed(blocks)) == whole


def test_the_time_zone_is_that_of_the_journal_also_when_it_is_named_later(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    follower.advance()
    (tmp_path / "journal.json").write_text(
        '{"partition":0,"partitions":1,"seed":1,"place":"48.14 11.58 520 Europe/Berlin",'
        '"variation":true,"sky":"clear","model":"1"}'
    )
    journal_of(tmp_path, begins=MIDNIGHT - 7_200_000, count=3)

    follower.advance()

    today = follower.now.today(None)
    assert today is not None
    assert (today.timezone, today.begins) == ("Europe/Berlin", MIDNIGHT - 7_200_000)
