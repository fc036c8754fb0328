"""The tables of docs/model.md: how good the model is, and the appliances of a home."""

import re
import sys
from collections.abc import Sequence

from tests.model.thresholds import THRESHOLDS
from tests.model.verdicts import Measures, span

from meter.appliances import APPLIANCES, Appliance


def quality(measures: Measures) -> list[str]:
    """Each statistic with the range it has to keep and the values that were measured."""
    rows = [
        (str(threshold.number), threshold.statistic, threshold.range, _measured(name, measures))
        for name, threshold in THRESHOLDS.items()
    ]
    return _table(("test", "statistic", "required", "measured"), rows)


def appliances() -> list[str]:
    """The appliances as they are in the code."""
    total = sum(appliance.share for appliance in APPLIANCES)
    head = (
        "appliance",
        "share of the energy",
        "mostly at [h]",
        "run [min]",
        "energy of a run [Wh]",
        "greatest power [W]",
    )
    return _table(head, [_cells(appliance, total) for appliance in APPLIANCES])


def replaced(text: str, name: str, table: list[str]) -> str:
    """The document with another table between the markers of this name."""
    begin, end = f"<!-- begin {name}: written by make report -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if len(pattern.findall(text)) != 1:
        sys.exit(f"there must be one {begin} and its end")
    return pattern.sub(lambda _: "\n".join([begin, *table, end]), text)


def _measured(name: str, measures: Measures) -> str:
    text = span(measures[name])
    return text if THRESHOLDS[name].holds(measures[name]) else f"{text} **missed**"


def _cells(appliance: Appliance, total: float) -> tuple[str, ...]:
    return (
        appliance.name.replace("-", " "),
        f"{appliance.share / total:.1%}",
        ", ".join(f"{hour:g}" for hour in appliance.peaks),
        f"{appliance.seconds / 60:g}",
        f"{appliance.energy:.0f}",
        str(max(stage.high for stage in appliance.stages)),
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return [f"| {' | '.join(cells)} |".replace("| --- ", "|---").replace("--- |", "---|") for cells in lines]
