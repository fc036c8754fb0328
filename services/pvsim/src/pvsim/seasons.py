"""How monthly means run through the year."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MONTHS = 12


def course(monthly: tuple[float, ...]) -> Floats:
    """What to pass through in the middle of each month, so that straight lines between have these monthly means."""
    month = np.arange(_MONTHS)
    mean = 0.75 * np.eye(_MONTHS)
    mean[month, month - 1] = mean[month - 1, month] = 0.125
    return np.asarray(np.linalg.solve(mean, np.asarray(monthly, dtype=np.float64)))


def through_the_year(course: Floats, instants: Ints) -> Floats:
    """The value of a course at each instant [ms since 1970]."""
    months = instants.astype("datetime64[ms]").astype("datetime64[M]")
    begin, end = (edge.astype("datetime64[ms]").astype(np.int64) for edge in (months, months + 1))
    position = months.astype(np.int64) + (instants - begin) / (end - begin) - 0.5
    before = np.floor(position).astype(np.int64)
    share = position - before
    return np.asarray(course[before % _MONTHS] * (1 - share) + course[(before + 1) % _MONTHS] * share)
