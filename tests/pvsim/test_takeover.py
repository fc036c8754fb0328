"""Journals of another number of partitions go on from what the former ones hold: nothing is recorded again."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import msgspec
import pytest
from tests.pvsim.journals import (
    IDENTITY,
    NOON,
    another_day_each_time,
    content_of,
    held,
    journal,
    message,
    record,
    segments,
)

from pvsim import verify_command
from pvsim.handover import Handover, handover_of, inherited
from pvsim.takeover import take_over
from pvsim.upkeep import Upkeep
from pvsim_common.broker import partition_of
from pvsim_common.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from pvsim_common.segments import Identity, JournalError, read_identity, write_identity

SITES = [f"home-{n}" for n in range(1, 8)]
RECORDED = [*range(5), *range(7, 12)]  # seconds after noon, with a gap
Print = pytest.CaptureFixture[str]


def identity(partition: int, partitions: int) -> Identity:
    return msgspec.structs.replace(IDENTITY, partition=partition, partitions=partitions)


def record_all(directories: list[Path], *seconds: int) -> int:
    """Readings of all sites, each by the pvsim of its partition; how many were unseen."""
    return sum(
        record_one(directory, partition, len(directories), *seconds) for partition, directory in enumerate(directories)
    )


def record_one(directory: Path, partition: int, partitions: int, *seconds: int) -> int:
    """The same of one partition; a segment for each instant, and the last one without a checkpoint."""
    sites = [site for site in SITES if partition_of(site, partitions) == partition]
    upkeep = Upkeep(directory)
    unseen = 0
    with journal(
        directory, identity(partition, partitions), closed=upkeep.offer, clock=another_day_each_time()
    ) as opened:
        for second in seconds:
            upkeep.turn()
            unseen += record(opened, message(NOON + 1000 * second, *sites)) if sites else 0
    return unseen


@pytest.fixture
def former(tmp_path: Path) -> list[Path]:
    """Two journals, which have recorded ten instants of all sites."""
    directories = [tmp_path / f"journal-{n}" for n in range(2)]
    record_all(directories, *RECORDED)
    return directories


@pytest.fixture
def handovers(former: list[Path]) -> list[Handover]:
    return [handover_of(directory) for directory in former]


@pytest.fixture
def new(handovers: list[Handover], tmp_path: Path) -> list[Path]:
    """Three journals that have taken over from the two: in their directories, and in another one."""
    directories = [tmp_path / f"journal-{n}" for n in range(3)]
    for partition, directory in enumerate(directories):
        take_over(directory, inherited(handovers, partition=partition, partitions=3), handovers)
    return directories


def test_the_sites_of_these_tests_are_of_all_partitions() -> None:
    assert {partition_of(site, 3) for site in SITES} == {0, 1, 2}
    assert {partition_of(site, 2) for site in SITES} == {0, 1}


def test_what_former_journals_hold_is_not_recorded_again_and_what_they_lack_is(new: list[Path]) -> None:
    assert record_all(new, *range(20)) == 10 * len(SITES)
    assert record_all(new, *range(20)) == 0


def test_it_is_not_recorded_again_after_two_resizings_either(new: list[Path]) -> None:
    record_all(new, 5)
    handovers = [handover_of(directory) for directory in new]

    take_over(new[0], inherited(handovers, partition=0, partitions=1), handovers)

    assert record_one(new[0], 0, 1, *RECORDED, 5, 6) == len(SITES)


def test_a_new_simulation_in_its_place_knows_nothing_of_former_journals(new: list[Path]) -> None:
    with journal(new[0], msgspec.structs.replace(identity(0, 3), seed=2), on_change="archive") as opened:
        assert record(opened, message(NOON, "home-1")) == 1

    assert verify_command.main([str(new[0] / "archive-2")]) == 0


def test_former_journals_are_moved_aside_whole(handovers: list[Handover], former: list[Path]) -> None:
    before = [held(directory) for directory in former]

    for partition, directory in enumerate(former):
        take_over(directory, inherited(handovers, partition=partition, partitions=3), handovers)

    assert [held(directory / "archive-1") for directory in former] == before
    assert [held(directory) for directory in former] == [[], []]
    assert [read_identity(directory) for directory in former] == [identity(0, 3), identity(1, 3)]


def test_energies_and_newest_powers_go_on(handovers: list[Handover], new: list[Path]) -> None:
    began = [read_checkpoint(directory) for directory in new]

    assert values(began) == values([each.contents for each in handovers])
    assert set(values(began)) == set(SITES)
    assert sum(checkpoint.records for checkpoint in began if checkpoint) == len(RECORDED) * len(SITES)


def values(checkpoints: "list[Checkpoint | None] | list[Checkpoint]") -> dict[str, tuple[int, ...]]:
    """Newest instant, powers and energies of each site."""
    return dict(
        chain.from_iterable(
            zip(each.sites, zip(each.newest, each.meter, each.pv, *each.energy, strict=True), strict=True)
            for each in checkpoints
            if each
        )
    )


def test_a_new_journal_is_right_from_the_first_moment_and_after_its_checkpoints(new: list[Path], capsys: Print) -> None:
    at_once = [verify_command.main([str(directory)]) for directory in new]
    told = capsys.readouterr().out

    record_all(new, 20, 21, 22)

    assert at_once == [0, 0, 0]
    assert "checkpoint: up to segment 0, agrees" in told
    assert "records of these sites stand in former journals" in told
    assert [verify_command.main([str(directory)]) for directory in new] == [0, 0, 0]
    assert "checkpoint: up to segment 2, agrees" in capsys.readouterr().out


def test_a_line_that_stands_in_a_former_journal_too_is_found(new: list[Path], capsys: Print) -> None:
    lines = b"".join(map(content_of, segments(new[0] / "archive-1"))).splitlines(keepends=True)
    doubled = next(line for line in lines if partition_of(msgspec.json.decode(line)["site"], 3) == 0)
    (new[0] / "results.jsonl").write_bytes(doubled)

    assert verify_command.main([str(new[0])]) == 1
    assert "stands there again" in capsys.readouterr().out


def test_a_checkpoint_is_made_anew_with_what_former_journals_hold(new: list[Path]) -> None:
    record_one(new[0], 0, 3, 20, 21)
    right = read_checkpoint(new[0])
    assert right is not None
    write_checkpoint(new[0], msgspec.structs.replace(right, records=1))

    assert verify_command.main([str(new[0]), "--repair", "--yes"]) == 0

    assert verify_command.main([str(new[0])]) == 0
    assert record_one(new[0], 0, 3, *RECORDED, 20, 21) == 0


def test_a_new_journal_that_loses_its_first_checkpoint_remembers_all_the_same(new: list[Path]) -> None:
    (new[0] / "checkpoint.json").unlink()

    assert record_one(new[0], 0, 3, *RECORDED) == 0


def test_taking_over_again_changes_nothing_and_does_not_stop_a_journal_that_goes_on(
    handovers: list[Handover], new: list[Path]
) -> None:
    record_one(new[0], 0, 3, 20)
    before = held(new[0])

    assert not take_over(new[0], inherited(handovers, partition=0, partitions=3), handovers)

    assert held(new[0]) == before != []


def test_a_journal_of_another_simulation_is_left_alone(handovers: list[Handover], tmp_path: Path) -> None:
    with journal(tmp_path / "other", msgspec.structs.replace(IDENTITY, seed=2)):
        pass

    with pytest.raises(JournalError, match="none of those handed over"):
        take_over(tmp_path / "other", inherited(handovers, partition=0, partitions=3), handovers)


@pytest.mark.parametrize("is_moved_aside", [False, True])
def test_a_journal_that_has_grown_since_it_was_handed_over_is_not_replaced(
    handovers: list[Handover], former: list[Path], is_moved_aside: bool
) -> None:
    record_one(former[0], 0, 2, 30)
    if is_moved_aside:  # as a pvsim does that waits to take over
        aside = former[0] / "archive-1"
        aside.mkdir()
        for path in list(former[0].glob("*.json*")):
            path.rename(aside / path.name)

    with pytest.raises(JournalError, match=r"has recorded \d readings since it was handed over"):
        take_over(former[0], inherited(handovers, partition=0, partitions=3), handovers)


def test_a_journal_that_was_handed_over_long_ago_is_moved_aside_when_its_partition_comes_back(
    handovers: list[Handover], former: list[Path]
) -> None:
    take_over(former[0], inherited(handovers, partition=0, partitions=1), handovers)
    write_identity(former[1], msgspec.structs.replace(identity(1, 2), handed_over=True))
    record_one(former[0], 0, 1, 20)
    back = [handover_of(former[0])]

    assert take_over(former[1], inherited(back, partition=1, partitions=2), back)

    assert record_one(former[1], 1, 2, *RECORDED, 20) == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _both: [], "nothing was handed over"),
        (lambda both: both[:1], r"each of 2 former partitions has to be there once, not \[0\]"),
        (lambda both: [*both, both[0]], r"not \[0, 0, 1\]"),
        (
            lambda both: [both[0], Handover(msgspec.structs.replace(identity(1, 2), seed=2), both[1].contents)],
            "do not belong together: seed is 1 and 2",
        ),
        (
            lambda both: [both[0], Handover(both[1].journal, msgspec.structs.replace(both[1].contents, sites=["a"]))],
            "what partition 1 hands over makes no sense",
        ),
    ],
)
def test_handovers_that_are_not_all_of_one_simulation_are_refused(
    handovers: list[Handover], change: Callable[[list[Handover]], list[Handover]], reason: str
) -> None:
    with pytest.raises(JournalError, match=reason):
        inherited(change(handovers), partition=0, partitions=3)
