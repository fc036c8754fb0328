"""The journal's directory: which files it holds, in which order they are read, and whose journal it is."""

import os
import re
from itertools import count
from pathlib import Path

import msgspec

OPEN_SEGMENT = "results.jsonl"
IDENTITY = "journal.json"
CHECKPOINT = "checkpoint.json"
FORMER = "former.json"  # as a checkpoint: what journals of another number of partitions hold of the sites here
_CLOSED = re.compile(r"results-(\d{8})\.jsonl(?:\.zst)?")


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whose journal it is: the settings without which its records could not be made again."""

    partition: int
    partitions: int
    seed: int
    place: str
    variation: bool
    sky: str
    model: str
    climate: str = ""  # journals of model 1 know neither
    plant: str = ""
    handed_over: bool = False  # to journals of another number of partitions: it ends here

    @property
    def timezone(self) -> str:
        """The time zone that the homes live by: the last word of the place."""
        return self.place.rpartition(" ")[2]


class JournalError(Exception):
    """The journal cannot be used as it is; the text says which file and why."""


class IdentityMismatchError(JournalError):
    """The directory holds another journal; the text names each differing field with both values."""


def open_segment(directory: Path) -> Path:
    """The segment that pvsim appends to."""
    return directory / OPEN_SEGMENT


def closed_segment(directory: Path, number: int) -> Path:
    """The closed segment of a number, 1 being the first; compressed, its name goes on with .zst."""
    return directory / f"results-{number:08}.jsonl"


def closed_segments(directory: Path) -> dict[int, Path]:
    """The closed segments that are there, by their numbers, the first first; of two with the same content the plain."""
    names = sorted((path.name for path in directory.iterdir()), reverse=True)  # .zst before the plain one, which wins
    found = {int(match[1]): directory / name for name in names if (match := _CLOSED.fullmatch(name))}
    return dict(sorted(found.items()))


def read_identity(directory: Path) -> Identity | None:
    """The identity in journal.json, None before the first start. Raises JournalError if it is broken."""
    path = directory / IDENTITY
    try:
        return msgspec.json.decode(path.read_bytes(), type=Identity)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JournalError(f"{path}: {error}") from error


def claim(directory: Path, identity: Identity) -> None:
    """Write journal.json at the first start; later make sure it says the same. Raises IdentityMismatchError."""
    found = read_identity(directory)
    if found is None:
        write_identity(directory, identity)
    elif found != identity:
        differences = [
            f"{name} is {getattr(found, name)!r} there but {getattr(identity, name)!r} here"
            for name in Identity.__struct_fields__
            if getattr(found, name) != getattr(identity, name)
        ]
        raise IdentityMismatchError(f"{directory} holds another journal: {'; '.join(differences)}")


def write_identity(directory: Path, identity: Identity) -> None:
    """Replace journal.json durably."""
    write_durably(directory / IDENTITY, msgspec.json.format(msgspec.json.encode(identity)) + b"\n")


def archive(directory: Path) -> Path:
    """Move a journal aside, whole, to where the answer says: archive-1, archive-2 ... in its directory.

    The identity goes last, so that a crash meanwhile is made up for by the next call.
    """
    aside = next(path for n in count(1) if not ((path := directory / f"archive-{n}") / IDENTITY).exists())
    aside.mkdir(exist_ok=True)
    closed = [path.name for path in closed_segments(directory).values()]
    for name in (*closed, OPEN_SEGMENT, CHECKPOINT, FORMER, IDENTITY):
        if (directory / name).exists():
            (directory / name).rename(aside / name)
            sync_directory(aside)
            sync_directory(directory)
    return aside


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file as a whole: after a crash it holds either the old content or the new."""
    partial = path.with_name(path.name + ".tmp")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make names that were created, renamed or removed in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
