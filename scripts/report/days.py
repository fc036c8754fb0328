"""Pictures of single days: a clear and a changeable one, and a week of a home."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scripts.report import style
from tests.model import judge, scenarios, series
from tests.model.block import Block
from tests.model.datasets import Datasets
from tests.model.pv_campaign import MUNICH_POSITION

Floats = NDArray[np.float64]
MINUTES = 1440
WEEK = 7 * MINUTES  # from the beginning of June, a Monday: its second week
STEP_MIN = 20


def two_days(datasets: Datasets) -> Figure:
    """The clearest and the most changeable day of a month, on pvlib's clear sky."""
    block = datasets.block(scenarios.neighbours(1, "munich"))
    pv, clear = block.pv[0], judge.verdict(MUNICH_POSITION, block.instants, judge.Plant()).power
    days = [slice(first, first + MINUTES) for first in range(0, len(pv), MINUTES)]
    clearest = max(days, key=lambda day: pv[day].sum() / clear[day].sum() - _roughness(pv[day], clear[day]) / 100)
    changeable = max(days, key=lambda day: _roughness(pv[day], clear[day]))
    picture, axes = style.figure(1, 2)
    for ax, day in zip(axes, (clearest, changeable), strict=True):
        hours = np.arange(MINUTES) / 60
        ax.plot(hours, clear[day] / 1000, color=style.REFERENCE, linestyle="--", label="clear sky (pvlib)")
        ax.plot(hours, pv[day] / 1000, color=style.PV, linewidth=0.9, label="PV at 1 min")
        ax.set(title=_date(block, day.start), xlabel="hour [UTC]", ylabel="power [kW]", xlim=(3, 21), ylim=(0, 4.6))
        ax.legend(loc="upper left", fontsize=8)
    return picture


def a_week(datasets: Datasets) -> Figure:
    """Load, PV and what is exchanged with the grid, of one home over a week."""
    block = datasets.block(scenarios.neighbours(1, "munich")).of(WEEK, 7 * MINUTES)
    load, pv = (series.means(power[0], STEP_MIN) / 1000 for power in (block.load, block.pv))
    days = np.arange(len(load)) * STEP_MIN / MINUTES
    picture, (above, below) = style.figure(2, 1, height=4.6)
    above.plot(days, pv, color=style.PV, label="PV")
    above.plot(days, load, color=style.LOAD, linewidth=0.9, label="load")
    below.fill_between(days, np.maximum(load - pv, 0), color=style.IMPORT, linewidth=0, label="import")
    below.fill_between(days, np.minimum(load - pv, 0), color=style.EXPORT, linewidth=0, label="export")
    above.set_title(f"One home of 3500 kWh a year from Monday, {_date(block, 0)} on (20-min means)")
    for ax, label in ((above, "power [kW]"), (below, "net power [kW]")):
        _days_of_the_week(ax, label)
    return picture


def _days_of_the_week(ax: Axes, label: str) -> None:
    ax.set(xlim=(0, 7), ylabel=label)
    ax.set_xticks(np.arange(7) + 0.5, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    ax.legend(loc="upper left", ncols=2, fontsize=8)


def _roughness(pv: Floats, clear: Floats) -> float:
    return series.variability_index(pv / 4.6, clear / 4.6, 1.0)


def _date(block: Block, first: int) -> str:
    return str(block.instants[first].astype("datetime64[ms]").astype("datetime64[D]"))
