"""Coverage as the checkpoint keeps it: runs that many sites have alike stand once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from pvsim.coverage import CoverageState, Ints, Run

Ranges = list[tuple[int, int]]
"""Sites, as (first index, count)."""
Runs = tuple[Run, ...]


def share(state: CoverageState) -> dict[Runs, Ranges]:
    """For all runs of a site, the earliest first, the sites that have just these."""
    sites: dict[Runs, list[Ints]] = defaultdict(list)
    alone = np.ones(len(state.first), dtype=bool)
    alone[list(state.others)] = False
    for run, those in _alike(state, np.flatnonzero(alone)):
        sites[(run,)].append(those)
    for site, others in state.others.items():
        runs = tuple(sorted([*others, Run(*(int(column[site]) for column in state[:3]))]))
        sites[runs].append(np.array([site]))
    return {runs: _ranges(np.sort(np.concatenate(parts))) for runs, parts in sites.items()}


def unshare(shared: Iterable[tuple[Sequence[tuple[int, int, int]], Ranges]], count: int) -> CoverageState:
    """The state of so many sites. Raises ValueError where that is not what the runs and sites say."""
    first, last, step = (np.full(count, -1, dtype=np.int64) for _ in range(3))
    state = CoverageState(first, last, step, {})
    for triples, ranges in shared:
        *others, current = sorted(_checked(triples), key=lambda run: run.last)
        for begin, number in ranges:
            end = begin + number
            if not 0 <= begin < end <= count or (first[begin:end] != -1).any():
                raise ValueError(f"`coverage`: the sites {begin} to {end - 1} are none or stand twice")
            for column, value in zip((first, last, step), current, strict=True):
                column[begin:end] = value
            if others:
                state.others.update((site, list(others)) for site in range(begin, end))
    if (first == -1).any():
        raise ValueError(f"`coverage`: {np.count_nonzero(first == -1)} sites have no runs")
    return state


def _checked(triples: Sequence[tuple[int, int, int]]) -> list[Run]:
    runs = [Run(*triple) for triple in triples]
    for run in runs:
        steps = run.step > 0 and (run.last - run.first) % run.step == 0
        if not (0 <= run.first <= run.last < 1 << 62 and (steps or (run.step == 0 and run.first == run.last))):
            raise ValueError(f"`coverage`: {tuple(run)} is no run")
    if not runs:
        raise ValueError("`coverage`: sites without runs")
    return runs


def _alike(state: CoverageState, sites: Ints) -> Iterable[tuple[Run, Ints]]:
    """Sites that have one run only, by that run."""
    if not len(sites):
        return
    columns = [column[sites] for column in state[:3]]
    order = np.lexsort(columns)
    changes = [column[order][1:] != column[order][:-1] for column in columns]
    for group in np.split(order, np.flatnonzero(np.logical_or.reduce(changes)) + 1):
        yield Run(*(int(column[group[0]]) for column in columns)), sites[group]


def _ranges(sites: Ints) -> Ranges:
    """Ascending indexes, as ranges."""
    begins = np.flatnonzero(np.r_[True, np.diff(sites) != 1])
    counts = np.diff(np.r_[begins, len(sites)])
    return list(zip(sites[begins].tolist(), counts.tolist(), strict=True))
