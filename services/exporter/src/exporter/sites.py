"""The sites of a journal: each name has an index, in the order in which they were first seen."""

from collections.abc import Iterable

import numpy as np

from pvsim_common.energy import Ints


class Sites:
    """Names and indexes; sites that come in their usual order are known at a glance."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = list(names)
        self._indexes = {name: index for index, name in enumerate(self._names)}

    def __len__(self) -> int:
        return len(self._names)

    def index(self, name: str) -> int | None:
        """The index of a site; None where it is not known."""
        return self._indexes.get(name)

    def names(self, count: int | None = None) -> list[str]:
        """The sites, or so many of them, those seen first first."""
        return self._names[:count]

    def find(self, names: list[str]) -> Ints | None:
        """Their indexes; None where one of them is not known."""
        first = self._indexes.get(names[0]) if names else None
        if first is not None and names == self._from(first, len(names)):
            return np.arange(first, first + len(names)) % len(self)  # several times faster than to look each up
        try:
            return self._look_up(names)
        except KeyError:
            return None

    def add(self, names: list[str]) -> Ints:
        """Their indexes; sites that are seen for the first time get the next ones."""
        if (found := self.find(names)) is not None:
            return found
        for name in names:
            if self._indexes.setdefault(name, len(self)) == len(self):
                self._names.append(name)
        return self._look_up(names)

    def _look_up(self, names: list[str]) -> Ints:
        return np.fromiter(map(self._indexes.__getitem__, names), dtype=np.int64, count=len(names))

    def _from(self, first: int, count: int) -> list[str]:
        """So many names from an index on, again from the first one after the last one."""
        names = self._names[first : first + count]
        return names + (self._names * -(-(count - len(names)) // len(self)))[: count - len(names)]
