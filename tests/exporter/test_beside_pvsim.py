"""The exporter beside pvsim's own journal: both count the same, whatever is closed, compressed or removed meanwhile."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.exporter.columns import Record
from tests.exporter.segmented import by_site, energies_of
from tests.pvsim.journals import NOON, journal, message, records_of

from exporter.follower import Follower
from pvsim.background import Background
from pvsim.records import Records
from pvsim.retention import Retention
from pvsim.upkeep import Upkeep
from pvsim_common.checkpoint import read_checkpoint
from pvsim_common.segments import closed_segments

SITES = tuple(f"home-{number}" for number in range(1, 21))
BATCH_SECONDS = 20
BATCHES = 60


def short_days() -> Iterator[float]:
    """A clock by which a day, and so a segment, is over after some batches [s since 1970]."""
    return (20_000 * 86_400.0 + 86_400.0 * (asked // 6) for asked in count())


def one_by_one(records: Records) -> list[Record]:
    """The records as rows."""
    columns = (records.instants.tolist(), records.meter.tolist(), records.pv.tolist())
    return list(zip(records.sites, *columns, strict=True))


@pytest.mark.parametrize("retention", [Retention(), Retention(size=1 << 12)], ids=["keeps all", "removes soon"])
def test_totals_are_those_of_all_lines_and_grow_only(tmp_path: Path, retention: Retention) -> None:
    clock = short_days()
    upkeep = Upkeep(tmp_path, retention=retention, clock=lambda: NOON / 1000)
    written: list[Record] = []
    shown: list[tuple[float, ...]] = []

    with Background(upkeep), journal(tmp_path, closed=upkeep.offer, clock=lambda: next(clock)) as pvsim:
        follower = Follower(tmp_path, chunk_bytes=1 << 14)
        for batch in range(BATCHES):
            instants = range(NOON + 1000 * BATCH_SECONDS * batch, NOON + 1000 * BATCH_SECONDS * (batch + 1), 1000)
            records = records_of(pvsim.unseen([message(instant, *SITES) for instant in instants]))
            pvsim.append(records)
            written += one_by_one(records)
            follower = follower if batch % 7 else Follower(tmp_path, chunk_bytes=1 << 14)
            for _ in range(batch % 5):
                follower.advance()
            shown += _shown(follower)
    restarted = Follower(tmp_path)
    for each in (follower, restarted):
        while each.advance().sites or each.is_reading_back or not each.caught_up:
            shown += _shown(follower)

    energies = [energies_of(records) for records in by_site(written).values()]
    fleet_j = tuple(sum(column) / 10_000 for column in zip(*energies, strict=True))
    assert shown == sorted(shown)
    assert _shown(follower) == _shown(restarted) == [(len(written), *fleet_j)]
    checkpoint = read_checkpoint(tmp_path)
    assert checkpoint is not None
    assert checkpoint.segment > BATCHES // 10
    assert (1 in closed_segments(tmp_path)) is (retention.size is None)


def _shown(follower: Follower) -> list[tuple[float, ...]]:
    if follower.totals is None:
        return []
    snapshot = follower.totals.snapshot(sites=0)
    return [(snapshot.records, *snapshot.fleet_energies_j)]
