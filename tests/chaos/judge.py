"""The judge: computes every line of a journal anew and counts what is lost, duplicated, torn or wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from tests.recorded import all_lines
from tests.simulated import lines_of

from pvsim_common.messages import parse_timestamp

_CHUNK_LINES = 100_000


class Run(NamedTuple):
    """The readings that there must be: each of these sites at each second from the first instant on."""

    sites: Sequence[str]
    first: int  # [ms since 1970]
    seconds: int
    seed: int


@dataclass(frozen=True)
class Judgement:
    """What stands in a journal, compared with what must; a line is of one kind only, a reading can be of several."""

    readings: int = 0  # that there must be
    lines: int = 0
    lost: int = 0  # readings without a line
    duplicated: int = 0  # lines of a reading that has one already
    torn: int = 0  # lines that are no record
    wrong: int = 0  # records of a reading that there must not be, or with another value than the model's

    def faults(self) -> dict[str, int]:
        """All that must be 0."""
        return {name: getattr(self, name) for name in ("lost", "duplicated", "torn", "wrong")}


class _Key(msgspec.Struct, gc=False):
    """Which reading a line is of."""

    timestamp: str
    site: str


def judge(journal: Path, run: Run, *, removed: int = 0) -> Judgement:
    """Judge all segments of a journal; so many readings, the first of the run, retention may have removed."""
    times = np.zeros((run.seconds, len(run.sites)), dtype=np.int32)  # that each reading stands there
    columns = {site: at for at, site in enumerate(run.sites)}
    lines = torn = wrong = 0
    for chunk in _chunks(all_lines(journal)):
        records = {at: key for at, line in enumerate(chunk) if (key := _reading(line)) is not None}
        known = {at: key for at, key in records.items() if _is_of(run, columns, key)}
        for site, instant in known.values():
            times[(instant - run.first) // 1000, columns[site]] += 1
        expected = lines_of(list(known.values()), seed=run.seed) if known else []
        differing = sum(chunk[at] != line + b"\n" for at, line in zip(known, expected, strict=True))
        lines += len(chunk)
        torn += len(chunk) - len(records)
        wrong += len(records) - len(known) + differing
    return Judgement(
        readings=times.size,
        lines=lines,
        lost=_lost(times.ravel(), removed),
        duplicated=int(np.maximum(times - 1, 0).sum()),
        torn=torn,
        wrong=wrong,
    )


def _chunks(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while chunk := list(islice(lines, _CHUNK_LINES)):
        yield chunk


def _reading(line: bytes) -> tuple[str, int] | None:
    """Site and instant of a whole line; None for one that is not."""
    try:
        key = msgspec.json.decode(line, type=_Key)
        return (key.site, parse_timestamp(key.timestamp)) if line.endswith(b"}\n") else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _is_of(run: Run, columns: dict[str, int], reading: tuple[str, int]) -> bool:
    site, instant = reading
    second, rest = divmod(instant - run.first, 1000)
    return site in columns and rest == 0 and 0 <= second < run.seconds


def _lost(times: NDArray[np.int32], removed: int) -> int:
    """Readings without a line, but for those that retention removed: none of the first `removed` stands there."""
    begin = min(removed, int(np.argmax(times > 0)) if times.any() else len(times))
    return int(np.count_nonzero(times[begin:] == 0))
