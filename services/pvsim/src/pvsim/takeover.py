"""Begin a journal with what those of another number of partitions hold, so that none of it is recorded again."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import msgspec

from pvsim.handover import Handover, handover_of
from pvsim_common.checkpoint import read_checkpoint, write_checkpoint
from pvsim_common.segments import CHECKPOINT, FORMER, IDENTITY, JournalError, archive, claim, read_identity


def take_over(directory: Path, new: Handover, former: Sequence[Handover]) -> bool:
    """Begin a journal, and move the former one aside that is there; False where this has been done before.

    Its identity is written last: a pvsim waits for it. Raises JournalError where the directory holds something else, or
    more than was handed over.
    """
    directory.mkdir(parents=True, exist_ok=True)
    found = read_identity(directory)
    if found is None:
        if newest := _newest_archive(directory):
            _check_that_all_was_handed_over(newest, former)
    elif found == new.journal:
        if read_checkpoint(directory, FORMER) == new.contents:
            return False
        raise JournalError(f"{directory} holds the journal of this partition already")
    else:
        if not (_check_that_all_was_handed_over(directory, former) or found.handed_over):
            raise JournalError(f"{directory} holds a journal that is none of those handed over")
        archive(directory)
    for name in (FORMER, CHECKPOINT):
        write_checkpoint(directory, new.contents, name)
    claim(directory, new.journal)
    return True


def _check_that_all_was_handed_over(directory: Path, former: Sequence[Handover]) -> bool:
    """Whether a journal is one of the former ones. Raises JournalError where it has grown since it was handed over."""
    identity = read_identity(directory)
    journal = msgspec.structs.replace(identity, handed_over=False) if identity else None
    records = next((each.contents.records for each in former if each.journal == journal), None)
    if records is None:
        return False
    more = handover_of(directory).contents.records - records
    if more:
        raise JournalError(f"{directory} has recorded {more} readings since it was handed over: hand it over again")
    return True


def _newest_archive(directory: Path) -> Path | None:
    """The journal that was moved aside last."""
    newest = None
    for number in count(1):
        archived = directory / f"archive-{number}"
        if not (archived / IDENTITY).exists():
            break
        newest = archived
    return newest
