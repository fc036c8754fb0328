"""Pictures of many homes: a thousand against their profile, and how their peaks coincide."""

import numpy as np
from matplotlib.figure import Figure
from scripts.report import style
from tests.model import load_campaign, load_measures, scenarios
from tests.model.datasets import Datasets
from tests.model.scenarios import ANNUAL_KWH, SEEDS, TIMEZONE
from tests.model.standard_profiles import DAY_TYPES, SEASONS
from tests.model.thresholds import THRESHOLDS


def a_thousand_homes(datasets: Datasets) -> Figure:
    """The mean of a thousand homes in each season and on each type of day, on H0."""
    block = load_campaign.a_thousand_homes(datasets, SEEDS[0])
    ours = load_measures.mean_days(block.load, block.instants, TIMEZONE)
    h0 = load_measures.profile_days("H0", block.instants, TIMEZONE, annual_kwh=ANNUAL_KWH)
    picture, axes = style.figure(3, 3, height=6.4)
    for ax, cell in zip(axes, [(season, kind) for season in SEASONS for kind in DAY_TYPES], strict=True):
        hours = np.arange(len(ours[cell])) * 24 / len(ours[cell])
        ax.plot(hours, ours[cell], color=style.LOAD, label="1000 homes")
        ax.plot(hours, h0[cell], color=style.REFERENCE, linestyle="--", label="H0 (BDEW)")
        ax.set(title=", ".join(cell), xlim=(0, 24), ylim=(0, 1050), xticks=range(0, 25, 6))
    axes[0].legend(loc="upper left", fontsize=8)
    picture.supxlabel("local time [h]", fontsize=9)
    picture.supylabel("mean power of a home [W]", fontsize=9)
    return picture


def coincidence(datasets: Datasets) -> Figure:
    """The coincidence factor of a hundred homes, between the bounds it has to keep."""
    picture, (ax,) = style.figure(1, 1, width=5.5)
    for name, homes in (("coincidence_10", 10), ("coincidence_100", 100)):
        bounds = THRESHOLDS[name]
        ax.vlines(
            homes, bounds.low, bounds.high, color=style.BAND, linewidth=8, label="_" if homes > 10 else "expected"
        )
    for seed, marker in zip(SEEDS, ("o", "s"), strict=True):
        factors = load_measures.coincidences(datasets.block(scenarios.week(seed)).load)
        ax.plot(load_measures.GROUPS, factors, color=style.LOAD, marker=marker, markersize=4, label=f"seed {seed}")
    ax.set(xscale="log", xlabel="homes", ylabel="coincidence factor of 15-min means", ylim=(0, 1.02))
    ax.set_xticks(load_measures.GROUPS, [str(size) for size in load_measures.GROUPS])
    ax.minorticks_off()
    ax.legend()
    return picture
