"""What a place has all day long, computed once per UTC day on a grid of instants and interpolated linearly."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY_MS = 86_400_000
_DAYS_KEPT = 8


class Days:
    """Quantities by instant. The days kept are bounded; they never change a value."""

    def __init__(self, compute: Callable[[Ints], Floats], *, step_ms: int) -> None:
        """Compute gives the quantities [quantities, instants] at instants [ms since 1970], each on its own."""
        self._compute = compute
        self._step_ms = step_ms
        self._days: dict[int, Floats] = {}

    def at(self, instants: Ints) -> Floats:
        """The quantities at each instant [ms since 1970]: an array [quantities, *shape of the instants]."""
        days = instants // DAY_MS
        first = int(days.min())
        if first == days.max():
            return self._interpolated(first, instants)
        quantities = np.empty((len(self._grid(first)), *instants.shape))
        for day in np.unique(days).tolist():
            here = days == day
            quantities[:, here] = self._interpolated(day, instants[here])
        return quantities

    def _interpolated(self, day: int, instants: Ints) -> Floats:
        grid = self._grid(day)
        at = (instants - day * DAY_MS) / self._step_ms
        left = at.astype(np.int64)
        share = at - left
        values = grid.take(left, axis=1)
        return values + (grid.take(left + 1, axis=1) - values) * share

    def _grid(self, day: int) -> Floats:
        grid = self._days.get(day)
        if grid is None:
            grid = self._compute(np.arange(day * DAY_MS, (day + 1) * DAY_MS + 1, self._step_ms))
            while len(self._days) >= _DAYS_KEPT:
                del self._days[next(iter(self._days))]
            self._days[day] = grid
        return grid
