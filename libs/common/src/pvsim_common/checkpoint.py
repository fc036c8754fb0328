"""What the closed segments of a journal say in sum, so that nobody has to read them again: pvsim writes it."""

from pathlib import Path
from typing import Annotated

import msgspec

from pvsim_common.segments import CHECKPOINT, JournalError, write_durably

Column = list[Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]]  # as numpy's integers are


class SharedRuns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Runs of covered instants (first, last, step) [ms], and the sites that have just these: (first index, count)."""

    runs: list[tuple[int, int, int]]
    sites: list[tuple[int, int]]


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The journal up to the end of a closed segment. A site's index is its place in `sites`, in which they came.

    `newest` [ms since 1970], `meter` and `pv` [tenths of a watt] are each site's newest record; the energies
    [tenths of a watt x ms] are sums since its first record, as `pvsim_common.energy` counts them.
    """

    segment: int  # the last one that it covers
    records: int
    size: int  # of the segments it covers, not compressed [bytes]
    sites: list[str]
    coverage: list[SharedRuns]
    newest: Column
    meter: Column
    pv: Column
    energy: tuple[Column, Column, Column, Column]  # drawn, made, imported, exported


def read_checkpoint(directory: Path, name: str = CHECKPOINT) -> Checkpoint | None:
    """The checkpoint of a journal, None where no segment has been closed. Raises JournalError if it is broken."""
    path = directory / name
    try:
        checkpoint = msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JournalError(f"{path}: {error}") from error
    columns = (checkpoint.newest, checkpoint.meter, checkpoint.pv, *checkpoint.energy)
    if any(len(column) != len(checkpoint.sites) for column in columns):
        raise JournalError(f"{path}: its columns differ in length")
    return checkpoint


def write_checkpoint(directory: Path, checkpoint: Checkpoint, name: str = CHECKPOINT) -> int:
    """Replace the checkpoint durably; the size of its file [bytes]. Raises OSError."""
    content = msgspec.json.encode(checkpoint) + b"\n"
    write_durably(directory / name, content)
    return len(content)
