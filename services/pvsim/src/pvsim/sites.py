"""What is fixed for each site, looked up by its name."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_KEPT = 1_000_000


class Sites:
    """Properties of sites, each computed once. Those kept are bounded; they never change a value."""

    def __init__(self, describe: Callable[[Sequence[str]], Floats], *, most: int = _MOST_KEPT) -> None:
        """Describe gives the properties [properties, sites] of sites by their names alone."""
        self._describe = describe
        self._most = most
        self._rows: dict[str, int] = {}
        self._properties = self._last = describe([])
        self._last_names: list[str] = []

    def of(self, names: Sequence[str]) -> Floats:
        """The properties of each site [properties, sites]."""
        if names != self._last_names:  # the same sites are often asked for again and again
            self._last = self._looked_up(names)
            self._last_names = list(names)
        return self._last

    def _looked_up(self, names: Sequence[str]) -> Floats:
        try:
            rows = [self._rows[name] for name in names]
        except KeyError:
            self._learn(names)
            rows = [self._rows[name] for name in names]
        return self._properties.take(np.array(rows, dtype=np.int64), axis=1)

    def _learn(self, names: Sequence[str]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self._rows]
        if len(self._rows) + len(new) > self._most:
            self._rows.clear()
            new = list(dict.fromkeys(names))
        begin = len(self._rows)
        self._make_room(begin + len(new))
        self._properties[:, begin : begin + len(new)] = self._describe(new)
        self._rows.update(zip(new, range(begin, begin + len(new)), strict=True))

    def _make_room(self, count: int) -> None:
        """Double the columns when there are too few, so that sites coming one by one are not copied each time."""
        had = self._properties.shape[1]
        if count > had:
            more = np.zeros((len(self._properties), max(count, 2 * had) - had))
            self._properties = np.concatenate((self._properties, more), axis=1)
