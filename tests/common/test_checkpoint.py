"""The checkpoint of a journal: written as a whole, read as it was written, refused where it is broken."""

from pathlib import Path

import msgspec
import pytest

from pvsim_common.checkpoint import Checkpoint, SharedRuns, read_checkpoint, write_checkpoint
from pvsim_common.segments import JournalError

CHECKPOINT = Checkpoint(
    segment=3,
    records=40,
    size=4800,
    sites=["home-1", "home-2"],
    coverage=[SharedRuns(runs=[(1_782_036_000_000, 1_782_036_019_000, 1000)], sites=[(0, 2)])],
    newest=[1_782_036_019_000] * 2,
    meter=[4320, 11870],
    pv=[12345, 0],
    energy=([82_080_000, 1], [2, 3], [4, 5], [6, 2**62]),
)


def test_a_journal_whose_first_segment_is_open_has_none(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path) is None


def test_a_checkpoint_reads_as_it_was_written(tmp_path: Path) -> None:
    size = write_checkpoint(tmp_path, CHECKPOINT)

    assert read_checkpoint(tmp_path) == CHECKPOINT
    assert (tmp_path / "checkpoint.json").stat().st_size == size


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"\xff":1}',
        msgspec.json.encode(CHECKPOINT)[:-1],
        msgspec.json.encode(CHECKPOINT).replace(b'"records":40', b'"records":"40"'),
        msgspec.json.encode(CHECKPOINT).replace(b'"pv":[12345,0]', b'"pv":[12345]'),
        msgspec.json.encode(CHECKPOINT).replace(b"12345", b"9223372036854775808"),
    ],
    ids=["empty", "no fields", "deep", "no text", "cut short", "wrong type", "a short column", "more than 64 bits"],
)
def test_a_broken_checkpoint_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "checkpoint.json").write_bytes(content)

    with pytest.raises(JournalError, match=r"checkpoint\.json: "):
        read_checkpoint(tmp_path)
