"""Numbers 3 and 5 of the table: PV under a clear sky against pvlib's verdict."""

import numpy as np
from numpy.typing import NDArray
from tests.model.judge import Verdict
from tests.model.verdicts import Measures

Floats = NDArray[np.float64]


def against_pvlib(pv: Floats, said: Verdict, *, rating: float) -> Measures:
    """The share of dark instants at which PV is 0, and the greatest difference in units of the rating; power in W."""
    dark = said.zenith >= 90
    return {
        "dark_is_zero": np.array([np.mean(pv[dark] == 0)]) if dark.any() else np.array([1.0]),
        "pvlib_error": np.array([np.abs(pv - said.power).max() / rating]),
    }
