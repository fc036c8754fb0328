"""Numbers 1, 2, 4, 28 to 31 of the table: what can be said of the lines of a journal themselves."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jsonschema import Draft202012Validator
from numpy.typing import NDArray
from tests.model import series
from tests.model.block import Block, instants_of
from tests.model.verdicts import Measures

Floats = NDArray[np.float64]
_SCHEMA = Path(__file__).parents[2] / "docs" / "contracts" / "power-record.schema.json"
_MAX_LOAD_W = 9000
_SWITCHING_W = 600  # more than any fridge


def of_file(path: Path) -> Measures:
    """Numbers 1, 2 and 31, each number taken as it is written."""
    records = [json.loads(line, parse_float=Decimal) for line in path.read_text().splitlines()]
    fits = Draft202012Validator(json.loads(_SCHEMA.read_text())).is_valid
    return {
        "lines_that_fit": np.array([np.mean([fits(json.loads(line)) for line in path.read_text().splitlines()])]),
        "instants_in_line": _share_in_line(records),
        "exact_sums": np.array([np.mean([_adds_up(record) for record in records])]),
        "whole_watts": np.array([np.mean([record["meter"] * 1000 % 1 == 0 for record in records])]),
    }


def of_ranges(block: Block, *, rating: float) -> Measures:
    """Number 4, for plants of one rating [W]."""
    return {
        "pv_in_range": np.array([np.mean((block.pv >= 0) & (block.pv <= rating))]),
        "load_in_range": np.array([np.mean((block.load >= 0) & (block.load <= _MAX_LOAD_W))]),
    }


def of_replay(first: Path, again: Path) -> Measures:
    """Number 28: of the lines that two runs have for the same site and instant, how many are the same bytes."""
    one, other = (_by_site_and_instant(path) for path in (first, again))
    same = [one[place] == other[place] for place in one.keys() & other.keys()]
    return {"replayed": np.array([np.mean(same)] if same else [])}


def of_two_seeds(one: Block, other: Block) -> Measures:
    """Number 29: how much is the same although it should not be."""
    return {"equal_in_two_seeds": np.array([np.mean(one.load == other.load)])}


def hours_of(block: Block, day: str, timezone: str) -> Floats:
    """Number 30: hours of readings whose local date is `day`."""
    local = pd.to_datetime(block.instants, unit="ms", utc=True).tz_convert(timezone)
    return np.array([np.count_nonzero(local.strftime("%Y-%m-%d") == day) * block.interval_s / 3600])


def of_repeated_hours(block: Block) -> Measures:
    """Number 30: of the switchings in the first half of a block, how many are in its second at the same times."""
    half = block.load.shape[1] // 2
    first, second = (series.steps(part) > _SWITCHING_W for part in (block.load[:, :half], block.load[:, half:]))
    return {"repeated_runs": np.array([np.mean(second[first])])}


def _by_site_and_instant(path: Path) -> dict[bytes, bytes]:
    """The lines of a file by what stands before the first power."""
    return {line.partition(b'"meter"')[0]: line for line in path.read_bytes().splitlines()}


def _share_in_line(records: list[dict[str, Any]]) -> Floats:
    """Share of instants that come one interval after the same site's last; the interval is the most common step."""
    by_site: dict[str, list[str]] = {}
    for record in records:
        by_site.setdefault(record["site"], []).append(record["timestamp"])
    steps = np.concatenate([np.diff(instants_of(timestamps)) for timestamps in by_site.values()])
    return np.array([np.mean(steps == np.median(steps))])


def _adds_up(record: dict[str, Any]) -> bool:
    meter, pv = record["meter"], record["pv"]
    return bool(record["total_power"] == meter + pv and record["net_power"] == meter - pv)
