"""The readings of a batch as columns, which is how they are checked, modelled and written."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim_common.messages import MeterReadings


class Readings(NamedTuple):
    """Readings of any sites and instants, in the order they came; all columns have the same length."""

    sites: list[str]
    instants: NDArray[np.int64]  # [ms since 1970]
    intervals: NDArray[np.int64]  # [ms]
    power_w: NDArray[np.int64]

    def where(self, mask: NDArray[np.bool_]) -> "Readings":
        """Those for which the mask is true."""
        if mask.all():
            return self
        sites = [site for site, keep in zip(self.sites, mask.tolist(), strict=True) if keep]
        return Readings(sites, self.instants[mask], self.intervals[mask], self.power_w[mask])


def columns(messages: Sequence[tuple[int, MeterReadings]]) -> Readings:
    """The readings of messages, each given with its instant [ms since 1970]."""
    counts = [len(message.sites) for _, message in messages]
    return Readings(
        [site for _, message in messages for site in message.sites],
        np.repeat(np.array([instant for instant, _ in messages], dtype=np.int64), counts),
        np.repeat(np.array([message.interval_ms for _, message in messages], dtype=np.int64), counts),
        np.array([power for _, message in messages for power in message.power_w], dtype=np.int64),
    )
