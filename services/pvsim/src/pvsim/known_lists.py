"""Where sites stand among those known, remembered for whole lists: the same come again with every instant."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_SHORT = 16  # sites: shorter lists are not worth it
_MOST_KEPT = 2_000_000  # sites of all lists kept, 8 bytes each


class KnownLists:
    """Indexes of the sites of lists; a list that is the very same object as before is not looked at again."""

    def __init__(self, look_up: Callable[[Sequence[str]], Ints], *, most: int = _MOST_KEPT) -> None:
        """Look up tells the indexes of names; those of a name must never change."""
        self._look_up = look_up
        self._most = most
        self._kept = 0
        self._known: dict[int, tuple[list[str], Ints]] = {}  # by id, which is the list's as long as the list is kept

    def of(self, lists: Sequence[list[str]]) -> Ints:
        """The indexes of all sites of these lists, one list after the other."""
        if sum(map(len, lists)) < _SHORT * len(lists):
            return self._look_up([name for names in lists for name in names])
        return np.concatenate([self._of(names) for names in lists])

    def forget(self) -> None:
        """Begin anew, where indexes have changed."""
        self._known, self._kept = {}, 0

    def _of(self, names: list[str]) -> Ints:
        found = self._known.get(id(names))
        if found is None:
            found = names, self._look_up(names)
            self._kept += len(names)
            if self._kept > self._most:
                self._known, self._kept = {}, len(names)
            self._known[id(names)] = found
        return found[1]
