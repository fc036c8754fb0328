"""The measures of PV: data sets in, the values of numbers 3 and 5 to 15 of the table out."""

import numpy as np
from numpy.typing import NDArray
from tests.model import judge, pv_measures, scenarios, series
from tests.model.block import Block, stacked
from tests.model.datasets import Datasets
from tests.model.judge import Air, Plant, Position
from tests.model.pvlib_measures import against_pvlib
from tests.model.scenarios import CAPACITY_KWP, FLAT, RATING, SEEDS, YEAR_SEEDS
from tests.model.verdicts import Measures, joined

from pvsim_common.places import PLACES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MUNICH = PLACES["munich"]
MUNICH_POSITION = Position(*MUNICH[:3])


def of_clear_day(datasets: Datasets, first: str, position: Position, plant: Plant, **options: object) -> Measures:
    """Numbers 3 and 5, for one plant on a day without clouds; `options` say the same in the words of `dataset`."""
    block = datasets.block(scenarios.clear_day(first, **options))
    said = judge.verdict(position, block.instants, plant)
    return against_pvlib(block.pv[0], said, rating=plant.rating * 1000)


def of_presets(datasets: Datasets, first: str) -> Measures:
    """Numbers 3 and 5, for the nominal plant at each place that has a name."""
    return joined(
        [
            of_clear_day(datasets, first, Position(*place[:3]), judge.nominal(place.latitude), place=name)
            for name, place in PLACES.items()
        ]
    )


def of_month(datasets: Datasets, seed: int) -> Measures:
    """Numbers 8 to 11 and 14."""
    block = datasets.block(scenarios.month(seed))
    said = judge.rough_verdict(MUNICH_POSITION, block.instants, Plant(), every=30)
    noon = judge.solar_noon_h(MUNICH_POSITION, block.instants)
    return pv_measures.centre_of_day(block.pv[0], block.instants, noon) | pv_measures.of_30_days(
        block.pv[0], said, rating=RATING, interval_s=block.interval_s
    )


def of_neighbours(datasets: Datasets, seed: int) -> Measures:
    """Number 15."""
    here, there = (datasets.block(scenarios.neighbours(seed, place)) for place in ("munich", "berlin"))
    up = np.minimum(here.pv[0], there.pv[0]) > 0
    one, neighbour, stranger = (np.where(up, pv, np.nan) for pv in (*here.pv, there.pv[0]))
    return pv_measures.of_pairs((one, neighbour), (one, stranger))


def of_years(datasets: Datasets) -> Measures:
    """Numbers 6 and 12, of five seeds in Munich; they are about energy, for which ten minutes are fine enough."""
    block = stacked([datasets.block(scenarios.flat_year(seed)) for seed in YEAR_SEEDS])
    clear = np.repeat(clear_flat_year(block.instants[::10]), 10)
    daily = np.array([pv_measures.daily_clearness(pv, clear, block.instants) for pv in block.pv])
    by_month = pv_measures.of_clearness(daily, months_of(block.instants[::1440]), MUNICH.clearness)
    return by_month | {"daily_clearness": daily[[YEAR_SEEDS.index(seed) for seed in SEEDS]].ravel()}


def of_changeable_days(datasets: Datasets, seed: int) -> Measures:
    """Number 13, of a year in Munich; the index is defined on means of a minute."""
    block = datasets.block(scenarios.flat_year(seed, "20s"))
    clear = clear_flat_year(block.instants[::30])
    minutes = block.instants[1::3]
    at_a_minute = np.interp(minutes, block.instants[::30], clear)
    return pv_measures.of_days_at_a_minute(series.means(block.pv[0], 3), at_a_minute, rating=FLAT.rating * 1000)


def of_yields(datasets: Datasets) -> Measures:
    """Number 7, of five seeds."""
    return {f"yield_{place}": np.array([annual_yield(years(datasets, place))]) for place in ("munich", "berlin")}


def years(datasets: Datasets, place: str) -> Block:
    """The years of a nominal home, of another seed in each row."""
    return stacked([datasets.block(scenarios.year(seed, place)) for seed in YEAR_SEEDS])


def clear_flat_year(instants: Ints) -> Floats:
    """What pvlib says of the flat modules without clouds, at the place's temperatures and 2 m/s of wind [W]."""
    air = Air(np.array(MUNICH.temperature)[months_of(instants) - 1], 2.0)
    return judge.verdict(MUNICH_POSITION, instants, FLAT, air).power


def annual_yield(years: Block) -> float:
    """Mean over the rows [kWh/kWp]."""
    return float(years.pv.mean()) * 8.76 / CAPACITY_KWP


def months_of(instants: Ints) -> Ints:
    """The months (1 to 12) of instants [ms since 1970], by a clock one hour ahead of UTC."""
    local = (instants + 3_600_000).astype("datetime64[ms]")
    return local.astype("datetime64[M]").astype(np.int64) % 12 + 1
