"""Which journal a pvsim takes for its own, and what it says of another one."""

import threading
from pathlib import Path

import msgspec
import pytest
from tests.pvsim.journals import IDENTITY, NOON, journal, message, never, record

from pvsim.handover import handover_of, inherited
from pvsim.ownership import OnChange, claim_or_archive
from pvsim.takeover import take_over
from pvsim_common.segments import Identity, IdentityMismatchError, claim, read_identity, write_identity


def of(partition: int, partitions: int) -> Identity:
    return msgspec.structs.replace(IDENTITY, partition=partition, partitions=partitions)


@pytest.mark.parametrize(
    ("there", "here", "what", "hint"),
    [
        (of(0, 1), of(0, 3), "partitions is 1 there but 3 here", "`Resizing` in docs/operations.md"),
        (of(1, 3), of(0, 3), "partition is 1 there but 0 here", "a directory of its own"),
        (
            of(0, 1),
            msgspec.structs.replace(of(0, 1), seed=2),
            "seed is 1 there but 2 here",
            "journal_on_change=archive",
        ),
    ],
)
def test_the_refusal_of_another_journal_says_what_differs_and_what_to_do(
    tmp_path: Path, there: Identity, here: Identity, what: str, hint: str
) -> None:
    claim(tmp_path, there)

    with pytest.raises(IdentityMismatchError) as caught:
        claim_or_archive(tmp_path, here, "stop", never)

    assert what in str(caught.value)
    assert hint in str(caught.value)
    assert read_identity(tmp_path) == there


@pytest.mark.parametrize("there", [None, of(0, 1), msgspec.structs.replace(of(0, 2), handed_over=True)])
def test_a_pvsim_that_shall_take_over_waits_until_its_journal_was_begun(tmp_path: Path, there: Identity | None) -> None:
    directory = tmp_path / "journal"
    directory.mkdir()
    if there:
        claim(directory, there)
    former = directory if there == of(0, 1) else tmp_path / "former"
    with journal(former, of(0, 1)) as opened:
        record(opened, message(NOON, "home-1"))
    handovers = [handover_of(former)]
    waits = threading.Event()

    def wait(_seconds: float) -> bool:
        if not waits.is_set():
            waits.set()
            take_over(directory, inherited(handovers, partition=0, partitions=2), handovers)
        return False

    with journal(directory, of(0, 2), on_change="takeover", wait=wait) as opened:
        assert waits.is_set()
        assert record(opened, message(NOON, "home-1"), message(NOON + 1000, "home-1")) == 1

    assert (directory / "archive-1").exists() == bool(there)


def test_it_goes_on_at_once_where_it_has_taken_over_before(tmp_path: Path) -> None:
    claim(tmp_path, of(0, 2))

    claim_or_archive(tmp_path, of(0, 2), "takeover", never)

    assert list(tmp_path.glob("archive-*")) == []


def test_it_ends_when_it_is_asked_to_while_it_waits(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="0"):
        claim_or_archive(tmp_path, of(0, 2), "takeover", lambda _seconds: True)


@pytest.mark.parametrize("on_change", ["stop", "archive"])
def test_a_journal_that_was_handed_over_and_is_used_again_goes_on(tmp_path: Path, on_change: OnChange) -> None:
    write_identity(tmp_path, msgspec.structs.replace(of(0, 2), handed_over=True))

    claim_or_archive(tmp_path, of(0, 2), on_change, never)

    assert read_identity(tmp_path) == of(0, 2)
    assert list(tmp_path.glob("archive-*")) == []
