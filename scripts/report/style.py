"""How the pictures of the report look: colours, sizes, and files that are the same bytes each time."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PV, LOAD, IMPORT, EXPORT, REFERENCE = "#d98e04", "#2b6cb0", "#c53030", "#2f855a", "#444444"
BAND = "#cbd5e0"
_LOOK: dict[Any, Any] = {  # matplotlib's type lists each key there is
    "font.family": "sans-serif",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 10.0,
    "grid.color": "#e5e5e5",
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "svg.fonttype": "none",  # text stays text: small, and found by a search
    "svg.hashsalt": "pvsimulator",  # names inside the file do not change from run to run
}


def figure(rows: int, columns: int, *, width: float = 9.0, height: float = 3.2) -> tuple[Figure, list[Axes]]:
    """An empty picture [inches] with its axes in reading order."""
    with mpl.rc_context(_LOOK):
        picture = Figure(figsize=(width, height), layout="constrained", facecolor="white")
        axes = picture.subplots(rows, columns, squeeze=False)
    return picture, list(axes.ravel())


def save(picture: Figure, path: Path) -> None:
    """Write a picture as SVG, without a date."""
    with mpl.rc_context(_LOOK):
        picture.savefig(path, metadata={"Date": None, "Creator": None})
