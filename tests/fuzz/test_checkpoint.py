"""No checkpoint makes its readers do anything but take it or say that it is broken."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.mutation import SECONDS, for_a_while, mutated

from exporter.day import Day
from exporter.totals import Totals
from pvsim.past import contents_of
from pvsim_common.checkpoint import Checkpoint, SharedRuns, read_checkpoint
from pvsim_common.segments import CHECKPOINT, JournalError

GOOD = Checkpoint(
    segment=3,
    records=41,
    size=4800,
    sites=["home-1", "home-2", "home-3"],
    coverage=[
        SharedRuns(runs=[(1_782_036_000_000, 1_782_036_019_000, 1000)], sites=[(0, 2)]),
        SharedRuns(runs=[(0, 0, 0), (1_782_036_000_000, 1_782_036_019_000, 1000)], sites=[(2, 1)]),
    ],
    newest=[1_782_036_019_000] * 3,
    meter=[4320, 11870, 0],
    pv=[12345, 0, 10_000_000],
    energy=([82_080_000, 1, 0], [2, 3, 0], [4, 5, 0], [6, 2**62, 0]),
)


def read(directory: Path, content: bytes) -> bool:
    """Whether both readers, pvsim and exporter, take a checkpoint."""
    (directory / CHECKPOINT).write_bytes(content)
    try:
        checkpoint = read_checkpoint(directory)
    except JournalError:
        return False
    assert checkpoint is not None
    taken = 0
    with suppress(JournalError):
        taken += contents_of(directory, checkpoint).records == checkpoint.records
    with suppress(OverflowError):
        taken += Totals.after(checkpoint, Day()).counts()[0] == checkpoint.records
    return taken == 2


@pytest.mark.timeout(SECONDS + 120)
def test_a_checkpoint_is_taken_or_said_to_be_broken() -> None:
    @settings(max_examples=300, database=None)
    @given(mutated(st.just(msgspec.json.encode(GOOD) + b"\n")))
    def check(content: bytes) -> None:
        with TemporaryDirectory() as directory:
            read(Path(directory), content)

    for_a_while(check)


def test_the_check_sees_checkpoints_that_are_taken(tmp_path: Path) -> None:
    assert read(tmp_path, msgspec.json.encode(GOOD))
