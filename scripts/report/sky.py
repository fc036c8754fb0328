"""Pictures of the clouds: how clear it is how often, and how fast PV changes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scripts.report import style
from tests.model import judge, pv_measures, scenarios, series
from tests.model.datasets import Datasets
from tests.model.judge import Verdict
from tests.model.pv_campaign import MUNICH_POSITION
from tests.model.scenarios import RATING
from tests.model.thresholds import THRESHOLDS

Floats = NDArray[np.float64]
SHARES = {"share_dull": (0.1, 0.4), "share_between": (0.6, 0.9), "share_bright": (0.9, 1.2)}
QUANTILES = 1 - np.logspace(0, -5, 120)


def distributions(datasets: Datasets) -> Figure:
    """Clearness and ramps of a month at 2 s, with the bounds they have to keep."""
    block = datasets.block(scenarios.month(1))
    said = judge.rough_verdict(MUNICH_POSITION, block.instants, judge.Plant(), every=30)
    picture, (left, right) = style.figure(1, 2)
    _clearness(left, pv_measures.clearness(block.pv[0], said))
    _ramps(right, block.pv[0], said)
    return picture


def _clearness(ax: Axes, kc: Floats) -> None:
    known = kc[np.isfinite(kc)]
    counts, edges = np.histogram(known, bins=np.arange(0, 1.45, 0.05))
    ax.bar(edges[:-1], counts / len(known), width=0.047, align="edge", color=style.PV)
    ax.set(
        xlabel="PV / PV of a clear sky (zenith < 80°)",
        ylabel="share of instants",
        title="Clearness in June, 2 s",
        ylim=(0, 0.18),
    )
    for name, (low, high) in SHARES.items():
        share = pv_measures.share(kc, low, high)[0]
        text = f"{share:.0%}\n({THRESHOLDS[name].range})"
        ax.annotate(
            text, ((low + high) / 2, 0.97), xycoords=("data", "axes fraction"), ha="center", va="top", fontsize=8
        )
        ax.axvspan(low, high, color=style.BAND, alpha=0.35, zorder=0)


def _ramps(ax: Axes, pv: Floats, said: Verdict) -> None:
    by_day = np.where(said.zenith < 90, pv, np.nan)
    for lag_s, colour, name in ((2, style.PV, "ramp_2s_q99"), (60, style.LOAD, "ramp_60s_q99")):
        ramps = np.abs(series.steps(by_day, lag_s // 2)) / RATING
        values = np.quantile(ramps[np.isfinite(ramps)], QUANTILES)
        ax.plot(values, 1 - QUANTILES, color=colour, label=f"{lag_s} s")
        bounds = THRESHOLDS[name]
        ax.hlines(0.01, bounds.low, bounds.high, color=colour, alpha=0.35, linewidth=7)
    ax.set(xscale="log", yscale="log", xlim=(1e-4, 1), ylim=(1e-5, 1), title="Changes of PV by day")
    ax.set(xlabel="change / rating", ylabel="share of changes that are greater")
    ax.legend(title="within (bar: where 1 % should be)", fontsize=8, title_fontsize=8)
