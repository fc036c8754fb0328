"""The chart of a result: readings per second of each leg, with the ceilings as lines."""

from pathlib import Path

from scripts.report import style
from tests.benchmark.results import Chain

CEILINGS = {"C(1)": "B(1)", "C(1000)": "B(1000)"}  # and the bars that they are beside
DISK = "disk"


def draw(chain: Chain, path: Path) -> None:
    """Write the chart as SVG."""
    rates = {leg: chain.of(leg, lambda run: run.rate) for leg in dict.fromkeys(run.leg for run in chain.runs)}
    bars = {leg: rate for leg, rate in rates.items() if leg[0] in "AB"}
    places = {leg: place for place, leg in enumerate(reversed(bars))}
    picture, (ax,) = style.figure(1, 1, width=9.0, height=0.34 * len(bars) + 1.2)
    colours = [style.REFERENCE if leg.startswith("A") else style.PV for leg in bars]
    ax.barh([places[leg] for leg in bars], list(bars.values()), color=colours, height=0.7)
    ax.axvline(rates[DISK], color=style.EXPORT, linestyle="--")
    ax.text(rates[DISK] * 1.1, places["A1"], f"disk:\n{rates[DISK]:,.0f}", va="center", color=style.EXPORT)
    for leg, rate in bars.items():
        ax.text(rate / 1.1, places[leg], f"{rate:,.0f}", va="center", ha="right", fontsize=8, color="white")
    for leg, beside in CEILINGS.items():
        ax.vlines(rates[leg], places[beside] - 0.45, places[beside] + 0.45, color=style.LOAD, linewidth=2)
        ax.text(rates[leg] * 1.1, places[beside], f"{leg}: {rates[leg]:,.0f}", va="center", color=style.LOAD)
    ax.set(xscale="log", xlim=(10, 20 * max(rates.values())), xlabel="readings per second, median of all rounds")
    ax.set_yticks(list(places.values()), list(places))
    ax.grid(visible=False, axis="y")
    style.save(picture, path)
