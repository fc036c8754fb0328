"""What a place has all day long, computed for some days at once on a grid of instants and interpolated linearly."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SPAN_MS = 8 * 86_400_000  # pvlib takes almost as long for one day as for eight
_SPANS_KEPT = 4


class Days:
    """Quantities by instant. What is kept is bounded; it never changes a value."""

    def __init__(self, compute: Callable[[Ints], Floats], *, step_ms: int) -> None:
        """Compute gives the quantities [quantities, instants] at instants [ms since 1970], each on its own."""
        self._compute = compute
        self._step_ms = step_ms
        self._spans: dict[int, Floats] = {}

    def at(self, instants: Ints, which: Ints | None = None) -> Floats:
        """Quantities at each instant [ms since 1970]: an array [quantities, *shape of the instants].

        All quantities, or those whose numbers are given: [quantities, *a shape that broadcasts to the instants'].
        """
        first, last = int(instants.min()) // _SPAN_MS, int(instants.max()) // _SPAN_MS
        if which is None:
            which = np.arange(len(self._grid(first))).reshape(-1, *(1,) * instants.ndim)
        if first == last:
            return self._interpolated(first, instants, which)
        which = np.broadcast_to(which, (len(which), *instants.shape))
        quantities = np.empty(which.shape)
        spans = instants // _SPAN_MS
        for span in np.unique(spans).tolist():
            here = spans == span
            quantities[:, here] = self._interpolated(span, instants[here], which[:, here])
        return quantities

    def _interpolated(self, span: int, instants: Ints, which: Ints) -> Floats:
        grid = self._grid(span)
        at = (instants - span * _SPAN_MS) * (1 / self._step_ms)
        left = at.astype(np.int64)
        share = at - left
        index = which * grid.shape[1] + left
        values = grid.take(index)
        return np.asarray(values + (grid.take(index + 1) - values) * share)

    def _grid(self, span: int) -> Floats:
        grid = self._spans.get(span)
        if grid is None:
            grid = self._compute(np.arange(span * _SPAN_MS, (span + 1) * _SPAN_MS + 1, self._step_ms))
            while len(self._spans) >= _SPANS_KEPT:
                del self._spans[next(iter(self._spans))]
            self._spans[span] = grid
        return grid
