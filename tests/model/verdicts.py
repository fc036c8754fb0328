"""How measures stand against their thresholds, in words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tests.model.thresholds import THRESHOLDS

Floats = NDArray[np.float64]
Measures = dict[str, Floats]  # the values of statistics, by their keys in THRESHOLDS


def outside(measures: Measures) -> list[str]:
    """A line for each statistic that misses its threshold; a test asserts that there is none."""
    return [
        f"{number}. {statistic}: {span(values)}, not {threshold.range}"
        for name, values in measures.items()
        for threshold in [THRESHOLDS[name]]
        for number, statistic in [threshold[:2]]
        if not threshold.holds(values)
    ]


def span(values: Floats) -> str:
    """One value, or the least and the greatest of several."""
    low, high = (f"{value:.0f}" if value >= 100 else f"{value:.3g}" for value in (np.min(values), np.max(values)))
    return low if low == high else f"{low} to {high}"


def joined(several: Sequence[Measures]) -> Measures:
    """The same statistics with the values of all."""
    return {name: np.concatenate([measures[name] for measures in several]) for name in several[0]}
