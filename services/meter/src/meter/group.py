"""Homes that are simulated together: hours of theirs are compiled once and then read many times."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from meter.activity import Activity
from meter.always_on import always_on, with_noise
from meter.edges import Edges, compiled
from meter.homes import Homes
from meter.runs import runs
from meter.stages import changes
from meter.walltime import Ints

MAX_POWER_W = 9000  # the range of the original challenge
_WINDOWS_KEPT = 2
_READINGS_AT_ONCE = 32_768  # whose intermediate results fit the processor's cache


class Group:
    """Some homes, with the windows of time that were compiled last."""

    def __init__(self, homes: Homes, activity: Activity, *, seed: int, window_ms: int, offset_ms: int) -> None:
        """Windows are of one length, and begin at its multiples plus the offset; neither changes a value."""
        self._homes, self._activity, self._seed = homes, activity, seed
        self._window_ms, self._offset_ms = window_ms, offset_ms
        self._always_on = always_on(homes, seed)
        self._edges = lru_cache(_WINDOWS_KEPT)(self._compile)

    def power(self, instants: Ints, out: Ints) -> None:
        """Write the power [W] of each home (rows) at each instant [ms since 1970] (columns)."""
        windows = (instants - self._offset_ms) // self._window_ms
        order = np.argsort(windows, kind="stable")
        known, begins = np.unique(windows[order], return_index=True)
        ends = [*begins[1:].tolist(), len(order)][: len(known)]
        for window, begin, end in zip(known.tolist(), begins.tolist(), ends, strict=True):
            edges = self._edges(window)
            for columns in _parts(order[begin:end], max(1, _READINGS_AT_ONCE // len(out))):
                out[:, columns] = self._render(edges, instants[columns])

    def _render(self, edges: Edges, instants: Ints) -> NDArray[np.float64]:
        power = edges.power(len(self._homes.ids), instants) + self._always_on.power(instants)
        return np.rint(np.clip(with_noise(power, self._homes, self._seed, instants), 0, MAX_POWER_W))

    def _compile(self, window: int) -> Edges:
        begin = window * self._window_ms + self._offset_ms
        end = begin + self._window_ms
        drawn = runs(self._homes, self._activity, seed=self._seed, begin=begin, end=end)
        return compiled(changes(drawn), homes=len(self._homes.ids), begin=begin, end=end)


def _parts(columns: Ints, size: int) -> list[Ints]:
    return [columns[begin : begin + size] for begin in range(0, len(columns), size)]
