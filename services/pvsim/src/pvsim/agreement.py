"""Whether a checkpoint says what the lines say, and where there are gaps."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from pvsim.contents import Contents
from pvsim.shared_runs import share
from pvsim_common.checkpoint import Checkpoint, SharedRuns

Runs = list[tuple[int, int, int]]


class Gap(NamedTuple):
    """No instant of these sites between two instants [ms since 1970], though there are some before and after."""

    after: int
    before: int
    sites: list[str]


def gaps_of(contents: Contents) -> Iterator[Gap]:
    """The gaps of all sites; those that sites have alike stand once."""
    names = contents.names()
    for runs, ranges in share(contents.coverage.state()).items():
        sites = [name for first, count in ranges for name in names[first : first + count]]
        end = runs[0].last
        for run in runs[1:]:
            if run.first > end:  # else runs of different steps lie in each other
                yield Gap(end, run.first, sites)
            end = max(end, run.last)


def disagreements(checkpoint: Checkpoint, lines: Checkpoint) -> list[str]:
    """In what a checkpoint differs from one that was made of the lines."""
    names = [name for name in Checkpoint.__struct_fields__ if name not in ("segment", "coverage")]
    differing = [name for name in names if getattr(checkpoint, name) != getattr(lines, name)]
    if not _cover_the_same(checkpoint.coverage, lines.coverage):
        differing.append("coverage")
    return [f"`{name}` is not what the lines say{_numbers(checkpoint, lines, name)}" for name in differing]


def uncovered(contents: Contents, known: Contents) -> list[str]:
    """What a checkpoint lacks, given the contents of some of the segments it covers and those it says; changes them."""
    indexes = {name: index for index, name in enumerate(known.names())}
    lacking = []
    for index, name in enumerate(contents.names()):
        instants = _instants(contents.coverage.runs(index))
        site = np.full_like(instants, indexes.get(name, -1))
        if name not in indexes or known.coverage.cover(site, instants, np.zeros_like(site)).any():
            lacking.append(name)
    return [f"does not cover readings of {len(lacking)} sites that it should, such as {lacking[0]}"] if lacking else []


def _numbers(checkpoint: Checkpoint, lines: Checkpoint, name: str) -> str:
    there, read = getattr(checkpoint, name), getattr(lines, name)
    return f": {there} there, {read} in the lines" if isinstance(there, int) else ""


def _cover_the_same(coverage: list[SharedRuns], other: list[SharedRuns]) -> bool:
    """Whether the same instants of the same sites are covered; they may be cut into runs differently."""
    found, expected = _runs_of_sites(coverage), _runs_of_sites(other)
    if found.keys() != expected.keys():
        return False
    same: dict[bytes, bool] = {}
    for site, runs in found.items():
        if runs != expected[site]:
            key = msgspec.json.encode((runs, expected[site]))
            if key not in same:
                same[key] = np.array_equal(_instants(runs), _instants(expected[site]))
            if not same[key]:
                return False
    return True


def _runs_of_sites(coverage: list[SharedRuns]) -> dict[int, Runs]:
    return {
        site: shared.runs
        for shared in coverage
        for first, count in shared.sites
        for site in range(first, first + count)
    }


def _instants(runs: Iterable[tuple[int, int, int]]) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    return np.sort(np.concatenate([np.arange(first, last + 1, step or 1) for first, last, step in runs]))
