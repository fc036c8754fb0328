"""Which readings the journal holds already: for each site the instants covered, as runs of even steps."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_NEVER = -1


class Run(NamedTuple):
    """The instants first, first + step, ... last [ms]; step 0: a single instant whose step nobody knows yet."""

    first: int
    last: int
    step: int

    def holds(self, instant: int) -> bool:
        """Whether the instant is one of the run."""
        return self.first <= instant <= self.last and (instant - self.first) % (self.step or 1) == 0

    def goes_on_with(self, instant: int, step: int) -> bool:
        """Whether the instant is the next of the run, given its own step (0: unknown)."""
        gap = instant - self.last
        return gap > 0 and (gap == self.step if self.step else gap == step or not step)


class Coverage:
    """The instants covered, exact for any gaps, repeats, earlier starts and other intervals; a site is an index.

    Each site has one current run, kept in arrays so that the usual case (every reading continues the current run of its
    site, beyond all its other runs) is a comparison of vectors; its other runs stand in a list.
    """

    def __init__(self) -> None:
        self._first, self._last, self._step, self._horizon = (np.empty(0, dtype=np.int64) for _ in range(4))
        self._others: dict[int, list[Run]] = {}
        self.gaps = 0  # runs beyond the first of each site; one number, so that another thread may read it

    def cover(self, sites: Ints, instants: Ints, steps: Ints) -> NDArray[np.bool_]:
        """Cover instants [ms], given the step to the next reading (0: unknown); True where one was not covered yet."""
        if not len(sites):
            return np.empty(0, dtype=bool)
        self._grow(int(sites.max()) + 1)
        order = np.argsort(sites, kind="stable")
        sites, instants, steps = sites[order], instants[order], steps[order]
        begins = np.flatnonzero(np.r_[True, sites[1:] != sites[:-1]])
        ends = np.r_[begins[1:], len(sites)]
        usual = self._goes_on(sites, instants, begins)
        self._last[sites[begins[usual]]] = instants[ends[usual] - 1]
        fresh = np.repeat(usual, ends - begins)
        for begin, end in zip(begins[~usual].tolist(), ends[~usual].tolist(), strict=True):
            for at in range(begin, end):
                fresh[at] = self._cover_one(int(sites[at]), int(instants[at]), int(steps[at]))
        unseen = np.empty_like(fresh)
        unseen[order] = fresh
        return unseen

    def runs(self, site: int) -> list[Run]:
        """All runs of a site, the earliest first."""
        return sorted([*self._others.get(site, []), self._current(site)]) if self._is_known(site) else []

    def _goes_on(self, sites: Ints, instants: Ints, begins: Ints) -> NDArray[np.bool_]:
        """For each group of a site's readings: whether all of them continue its current run, beyond its other runs."""
        previous = np.r_[_NEVER, instants[:-1]]
        previous[begins] = self._last[sites[begins]]
        step = self._step[sites]
        fits = (step > 0) & (instants - previous == step) & (instants > self._horizon[sites])
        return np.logical_and.reduceat(fits, begins)

    def _cover_one(self, site: int, instant: int, step: int) -> bool:
        if not self._is_known(site):
            self._set_current(site, Run(instant, instant, step))
            return True
        current, others = self._current(site), self._others.setdefault(site, [])
        if current.holds(instant) or any(run.holds(instant) for run in others):
            return False
        before = len(others)
        if not current.goes_on_with(instant, step):
            others.append(current)
            current = next((run for run in others if run.goes_on_with(instant, step)), Run(instant, instant, step))
            if current in others:
                others.remove(current)
        if current.last != instant:
            current = Run(current.first, instant, instant - current.last)
        self._set_current(site, self._joined(current, others))
        self.gaps += len(others) - before
        return True

    def _joined(self, run: Run, others: list[Run]) -> Run:
        """The run together with the one that it has reached, if there is one."""
        for other in others:
            if other.first == run.last + run.step and other.step in (run.step, 0) and run.step:
                others.remove(other)
                return Run(run.first, other.last, run.step)
        return run

    def _current(self, site: int) -> Run:
        return Run(int(self._first[site]), int(self._last[site]), int(self._step[site]))

    def _set_current(self, site: int, run: Run) -> None:
        self._first[site], self._last[site], self._step[site] = run
        self._horizon[site] = max((other.last for other in self._others.get(site, [])), default=_NEVER)

    def _is_known(self, site: int) -> bool:
        return site < len(self._first) and self._first[site] != _NEVER

    def _grow(self, count: int) -> None:
        if count > len(self._first):
            more = np.full(max(count, 2 * len(self._first)) - len(self._first), _NEVER, dtype=np.int64)
            self._first, self._last, self._step, self._horizon = (
                np.append(column, more) for column in (self._first, self._last, self._step, self._horizon)
            )
