"""What journals of one number of partitions hand over to those of another: all they hold in sum, site by site."""

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

import msgspec
import numpy as np

from pvsim.contents import Contents, Snapshot
from pvsim.coverage import CoverageState, Run
from pvsim.past import read_past
from pvsim.recovery import recover
from pvsim_common.broker import partition_of
from pvsim_common.checkpoint import Checkpoint
from pvsim_common.segments import Identity, JournalError, open_segment, read_identity


class Handover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose journal it is, and what it holds up to its last whole line."""

    journal: Identity
    contents: Checkpoint


def handover_of(directory: Path) -> Handover:
    """What a journal has to hand over; changes nothing. Raises JournalError, OSError."""
    identity = read_identity(directory)
    if identity is None:
        raise JournalError(f"{directory} holds no journal: there is no journal.json")
    contents = read_past(directory).contents
    path = open_segment(directory)
    for recovered in recover(path) if path.exists() else ():
        contents.read_back(recovered.records)
    journal = msgspec.structs.replace(identity, handed_over=False)
    return Handover(journal, contents.snapshot(segment=0, size=0).checkpoint())


def inherited(handovers: Sequence[Handover], *, partition: int, partitions: int) -> Handover:
    """What a partition's journal begins with, given those of all former ones.

    Raises JournalError where these do not belong together, or one is missing.
    """
    _check([each.journal for each in handovers])
    identity = msgspec.structs.replace(handovers[0].journal, partition=partition, partitions=partitions)
    parts = [_of_partition(_snapshot(each), partition, partitions) for each in handovers]
    return Handover(identity, reduce(_joined, parts).checkpoint())


def _check(former: Sequence[Identity]) -> None:
    """Each partition of one simulation has to be there once."""
    if not former:
        raise JournalError("nothing was handed over")
    for name in Identity.__struct_fields__:
        values = sorted({repr(getattr(each, name)) for each in former})
        if name != "partition" and len(values) > 1:
            raise JournalError(f"these journals do not belong together: {name} is {' and '.join(values)}")
    there = sorted(each.partition for each in former)
    if there != list(range(former[0].partitions)):
        raise JournalError(f"each of {former[0].partitions} former partitions has to be there once, not {there}")


def _snapshot(handover: Handover) -> Snapshot:
    try:
        return Contents.of(handover.contents).snapshot(segment=0, size=0)
    except (ValueError, OverflowError) as error:
        raise JournalError(f"what partition {handover.journal.partition} hands over makes no sense: {error}") from error


def _of_partition(whole: Snapshot, partition: int, partitions: int) -> Snapshot:
    """The same, of the sites that belong to a partition."""
    kept = [at for at, site in enumerate(whole.sites) if partition_of(site, partitions) == partition]
    sites = np.array(kept, dtype=np.int64)
    first, last, step = (column[sites] for column in whole.coverage[:3])
    others = {at: whole.coverage.others[site] for at, site in enumerate(kept) if site in whole.coverage.others}
    coverage = CoverageState(first, last, step, others)
    names = [whole.sites[at] for at in kept]
    return Snapshot(
        0, 0, _instants(coverage), names, coverage, whole.newest[sites], whole.powers[:, sites], whole.sums[:, sites]
    )


def _joined(one: Snapshot, other: Snapshot) -> Snapshot:
    """Two together: no site is in both, since each had one partition."""
    first, last, step = map(np.append, one.coverage[:3], other.coverage[:3])
    others = {site + len(one.sites): runs for site, runs in other.coverage.others.items()}
    return Snapshot(
        0,
        0,
        one.records + other.records,
        one.sites + other.sites,
        CoverageState(first, last, step, one.coverage.others | others),
        np.append(one.newest, other.newest),
        np.append(one.powers, other.powers, axis=1),
        np.append(one.sums, other.sums, axis=1),
    )


def _instants(coverage: CoverageState) -> int:
    """How many instants are covered: as many records there are."""
    current = map(Run, *(column.tolist() for column in coverage[:3]))
    runs = [*current, *(run for others in coverage.others.values() for run in others)]
    return sum((run.last - run.first) // (run.step or 1) + 1 for run in runs)
