"""Which readings the journal holds already: for each site the instants covered, as runs of even steps."""

from typing import NamedTuple, Self

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


class CoverageState(NamedTuple):
    """A copy of what is covered: for each site its current run as columns, and its other runs where it has any."""

    first: Ints
    last: Ints
    step: Ints
    others: dict[int, list[Run]]


class Coverage:
    """The instants covered, exact for any gaps, repeats, earlier starts and other intervals; a site is an index.

    Each site has one current run, kept in arrays so that the usual case (every reading continues the current run of its
    site, beyond all its other runs) is a comparison of vectors; its other runs stand in a list.
    """

    def __init__(self) -> None:
        self._first, self._last, self._step, self._horizon = (np.empty(0, dtype=np.int64) for _ in range(4))
        self._others: dict[int, list[Run]] = {}
        self.gaps = 0  # runs beyond the first of each site; one number, so that another thread may read it

    @classmethod
    def of(cls, state: CoverageState) -> Self:
        """Coverage that goes on from a state."""
        made = cls()
        made._first, made._last, made._step = (column.copy() for column in state[:3])
        made._horizon = np.full(len(state.first), _NEVER, dtype=np.int64)
        made._others = {site: list(runs) for site, runs in state.others.items() if runs}
        for site, runs in made._others.items():
            made._horizon[site] = max(run.last for run in runs)
        made.gaps = sum(map(len, made._others.values()))
        return made

    def state(self) -> CoverageState:
        """What is covered now, to go on from later."""
        count = int(np.count_nonzero(self._first != _NEVER))  # a site gets its index with its first reading
        others = {site: list(runs) for site, runs in self._others.items() if runs}
        return CoverageState(self._first[:count].copy(), self._last[:count].copy(), self._step[:count].copy(), others)

    def cover(self, sites: Ints, instants: Ints, steps: Ints) -> NDArray[np.bool_]:
        """Cover instants [ms], given the step to the next reading (0: unknown); True where one was not covered yet."""
        if not len(sites):
            return np.empty(0, dtype=bool)
        self._grow(int(sites.max()) + 1)
        order = np.argsort(sites, kind="stable")
        sites, instants, steps = sites[order], instants[order], steps[order]
        begins = np.flatnonzero(np.r_[True, sites[1:] != sites[:-1]])
        ends = np.r_[begins[1:], len(sites)]
        usual = self._go_on(sites, instants, steps, begins, ends)
        fresh = np.repeat(usual, ends - begins)
        rest = ~usual
        if rest.any():
            rest &= ~np.logical_and.reduceat(self._current_holds(sites, instants), begins)
        for begin, end in zip(begins[rest].tolist(), ends[rest].tolist(), strict=True):
            for at in range(begin, end):
                fresh[at] = self._cover_one(int(sites[at]), int(instants[at]), int(steps[at]))
        unseen = np.empty_like(fresh)
        unseen[order] = fresh
        return unseen

    def runs(self, site: int) -> list[Run]:
        """All runs of a site, the earliest first."""
        return sorted([*self._others.get(site, []), self._current(site)]) if self._is_known(site) else []

    def _go_on(self, sites: Ints, instants: Ints, steps: Ints, begins: Ints, ends: Ints) -> NDArray[np.bool_]:
        """For each group of a site's readings: whether all continue its current run, beyond its other runs; if so, do.

        A site without a run begins one with the first of them; a run whose step nobody knows yet gets it.
        """
        heads = sites[begins]
        step = self._step[heads]  # -1 for a site without a run
        gaps = np.diff(instants, prepend=_NEVER)
        gaps[begins] = instants[begins] - self._last[heads]
        new = step == _NEVER
        unsteady = (step <= 0).any()
        if unsteady:
            step = np.where(new, steps[begins], step)
            second = np.minimum(begins + new, len(sites) - 1)  # the first that continues something
            guessed = (step == 0) & (begins + new < ends) & ((steps[second] == 0) | (steps[second] == gaps[second]))
            step = np.where(guessed, gaps[second], step)
        each_step = np.repeat(step, ends - begins)
        fits = (gaps == each_step) & (each_step > 0) & (instants > self._horizon[sites])
        fits[begins[new]] = True
        usual: NDArray[np.bool_] = np.logical_and.reduceat(fits, begins)
        self._last[heads[usual]] = instants[ends[usual] - 1]
        if unsteady:
            self._first[heads[usual & new]] = instants[begins[usual & new]]
            self._step[heads[usual]] = step[usual]
        return usual

    def _current_holds(self, sites: Ints, instants: Ints) -> NDArray[np.bool_]:
        """Whether each instant is held by the current run of its site, as where messages come again."""
        first, last, step = self._first[sites], self._last[sites], np.maximum(self._step[sites], 1)
        held: NDArray[np.bool_] = (
            (first != _NEVER) & (first <= instants) & (instants <= last) & ((instants - first) % step == 0)
        )
        return held

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
