"""What is fixed for each site, looked up by its name."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from pvsim.known_lists import KnownLists

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_KEPT = 1_000_000


class Sites:
    """Properties of sites, each computed once. Those kept are bounded; they never change a value."""

    def __init__(self, describe: Callable[[Sequence[str]], Floats], *, most: int = _MOST_KEPT) -> None:
        """Describe gives the properties [properties, sites] of sites by their names alone."""
        self._describe = describe
        self._most = most
        self._rows: dict[str, int] = {}
        self._properties = self._last = describe([])
        self._last_names: Sequence[object] = []
        self._last_lists: Sequence[list[str]] = []
        self._lists = KnownLists(self._rows_of)
        self._is_anew = False  # whether all rows were given up since lists were asked for

    def of(self, names: Sequence[str]) -> Floats:
        """The properties of each site [properties, sites]."""
        if names != self._last_names:  # the same sites are often asked for again and again
            rows = self._rows_of(names)  # before the properties: to learn names moves them
            self._last = self._properties.take(rows, axis=1)
            self._last_names = list(names)
        return self._last

    def of_lists(self, lists: Sequence[list[str]]) -> Floats:
        """The properties of each site of these lists, one list after the other [properties, sites]."""
        asked = list(map(id, lists))
        if asked != self._last_names:
            rows = self._lists.of(lists)
            if self._is_anew:  # some of these rows are of before
                rows = self._rows_of([name for names in lists for name in names])
                self._lists.forget()
                self._is_anew = False
            self._last = self._properties.take(rows, axis=1)
            self._last_names, self._last_lists = asked, lists  # kept, so that no other list gets their ids
        return self._last

    def _rows_of(self, names: Sequence[str]) -> Ints:
        try:
            rows = [self._rows[name] for name in names]
        except KeyError:
            self._learn(names)
            rows = [self._rows[name] for name in names]
        return np.array(rows, dtype=np.int64)

    def _learn(self, names: Sequence[str]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self._rows]
        if len(self._rows) + len(new) > self._most:
            self._rows.clear()
            self._lists.forget()
            self._is_anew = True
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
