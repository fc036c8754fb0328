"""Picture of the year: what a plant yields each month, beside what its place's measured clearness lets expect."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scripts.report import style
from tests.model import judge, pv_campaign
from tests.model.datasets import Datasets
from tests.model.scenarios import CAPACITY_KWP
from tests.model.thresholds import THRESHOLDS

from pvsim_common.places import PLACES

Floats = NDArray[np.float64]
KWH_A_DAY = 0.024 / CAPACITY_KWP  # of a mean of 1 W


def yields(datasets: Datasets) -> Figure:
    """Five seeds in Munich and in Berlin, each month: mean, least and greatest."""
    picture, axes = style.figure(1, 2)
    for ax, name in zip(axes, ("munich", "berlin"), strict=True):
        years, place = pv_campaign.years(datasets, name), PLACES[name]
        months = pv_campaign.months_of(years.instants)
        ours = _monthly(years.pv, months)
        position = judge.Position(*place[:3])
        clear = judge.verdict(position, years.instants[::5], judge.nominal(place.latitude)).power
        expected = _monthly(clear[np.newaxis], months[::5])[0] * place.clearness
        ax.bar(range(1, 13), ours.mean(axis=0), color=style.PV, label="simulated, mean of five seeds")
        ax.vlines(
            range(1, 13), ours.min(axis=0), ours.max(axis=0), color=style.REFERENCE, linewidth=1, label="their range"
        )
        ax.plot(
            range(1, 13),
            expected,
            "_",
            color=style.LOAD,
            markersize=16,
            markeredgewidth=2,
            label="clear sky × measured clearness",
        )
        total, bounds = pv_campaign.annual_yield(years), THRESHOLDS[f"yield_{name}"]
        ax.set(
            title=f"{name.capitalize()}: {total:.0f} kWh/kWp a year ({bounds.range})",
            ylabel="yield [kWh/kWp]",
            ylim=(0, 200),
        )
        ax.set_xticks(range(1, 13), list("JFMAMJJASOND"))
    axes[0].legend(loc="upper left", fontsize=8)
    return picture


def _monthly(pv: Floats, months: NDArray[np.int64]) -> Floats:
    """Yield [kWh/kWp] of each month, from power [W] in rows."""
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    means = np.array([pv[:, months == month].mean(axis=1) for month in range(1, 13)]).T
    return np.asarray(means * days * KWH_A_DAY)
