"""The readings of a batch as columns, which is how they are checked, modelled and written."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim_common.messages import Admitted


class Readings(NamedTuple):
    """Readings of any sites and instants, in the order they came; all columns have the same length."""

    sites: list[str]
    instants: NDArray[np.int64]  # [ms since 1970]
    intervals: NDArray[np.int64]  # [ms]
    power_w: NDArray[np.int64]
    lists: Sequence[list[str]] = ()
    """The lists of sites that came with the messages, one after the other; none where some readings are left out."""
    grid: tuple[int, int] | None = None
    """So many times the same so many sites, each time at one instant: what is computed of either is computed once."""

    def where(self, mask: NDArray[np.bool_]) -> "Readings":
        """Those for which the mask is true."""
        if mask.all():
            return self
        sites = [site for site, keep in zip(self.sites, mask.tolist(), strict=True) if keep]
        return Readings(sites, self.instants[mask], self.intervals[mask], self.power_w[mask])


def columns(messages: Sequence[Admitted]) -> Readings:
    """The readings of messages."""
    counts = [len(message.sites) for message in messages]
    powers = chain.from_iterable(message.power_w for message in messages)
    return Readings(
        list(chain.from_iterable(message.sites for message in messages)),
        np.repeat(np.array([message.instant for message in messages], dtype=np.int64), counts),
        np.repeat(np.array([message.interval_ms for message in messages], dtype=np.int64), counts),
        np.fromiter(powers, dtype=np.int64, count=sum(counts)),
        [message.sites for message in messages],
        _grid(messages),
    )


def _grid(messages: Sequence[Admitted]) -> tuple[int, int] | None:
    if not messages:
        return None
    first = messages[0]
    if all(message.sites is first.sites for message in messages):
        return len(messages), len(first.sites)
    if all(message.instant == first.instant for message in messages):
        return 1, sum(len(message.sites) for message in messages)
    return None
