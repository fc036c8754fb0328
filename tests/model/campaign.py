"""The measures of a simulation: data sets in, the values of each statistic of the table out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tests.model import judge, line_measures, load_measures, pv_measures, scenarios
from tests.model.block import Block
from tests.model.datasets import Datasets
from tests.model.judge import Plant, Position, Verdict
from tests.model.pvlib_measures import against_pvlib
from tests.model.scenarios import (
    ANNUAL_KWH,
    CAPACITY_KWP,
    RATING,
    SEEDS,
    SMALL_INVERTER_KW,
    SOLSTICES_AND_EQUINOXES,
    TIMEZONE,
    YEAR_SEEDS,
)
from tests.model.verdicts import Measures

from pvsim_common.places import PLACES, Place

Ints = NDArray[np.int64]
MUNICH, BERLIN = PLACES["munich"], PLACES["berlin"]


def everything(datasets: Datasets) -> Measures:
    """Every statistic of the table; those of a seed for each of SEEDS."""
    by_seed = [of_lines, pv_of_month, of_spring, of_seasons, of_hundred_homes, load_of_month]
    several = [joined([measure(datasets, seed) for seed in SEEDS]) for measure in by_seed]
    clear_days = joined([of_presets(datasets, first) for first in SOLSTICES_AND_EQUINOXES])
    rest = [
        clear_days,
        pv_of_years(datasets),
        load_of_years(datasets),
        of_clock_changes(datasets),
        of_repetitions(datasets),
    ]
    return {name: values for measures in (*several, *rest) for name, values in measures.items()}


def of_repetitions(datasets: Datasets) -> Measures:
    """Numbers 28 and 29, and of 30 the hour that comes twice."""
    one, other = (datasets.block(scenarios.day(seed)) for seed in SEEDS)
    return {
        **joined([of_replay(datasets, more) for more in scenarios.REPLAYS.values()]),
        **line_measures.of_two_seeds(one, other),
        **line_measures.of_repeated_hours(datasets.block(scenarios.repeated_hours(1))),
    }


def of_replay(datasets: Datasets, more: scenarios.Options) -> Measures:
    """Number 28, for the day of seed 1 and another run of it."""
    first, again = (datasets.path(scenarios.day(1, **options)) for options in ({}, more))
    return line_measures.of_replay(first, again)


def of_lines(datasets: Datasets, seed: int) -> Measures:
    """Numbers 1, 2, 4 and 31."""
    options = scenarios.day(seed)
    ranges = line_measures.of_ranges(datasets.block(options), rating=SMALL_INVERTER_KW * 1000)
    return line_measures.of_file(datasets.path(options)) | ranges


def of_clock_changes(datasets: Datasets) -> Measures:
    """Number 30, but for the hour that comes twice."""
    return {
        name: line_measures.hours_of(datasets.block(scenarios.clock_change(day)), day, TIMEZONE)
        for name, day in (("spring_hours", "2026-03-29"), ("autumn_hours", "2026-10-25"))
    }


def of_clear_day(datasets: Datasets, first: str, position: Position, plant: Plant, **options: object) -> Measures:
    """Numbers 3 and 5, for one plant on a day without clouds; `options` say the same in the words of `dataset`."""
    block = datasets.block(scenarios.clear_day(first, **options))
    said = judge.verdict(position, block.instants, plant)
    return against_pvlib(block.pv[0], said, rating=plant.rating * 1000)


def of_presets(datasets: Datasets, first: str) -> Measures:
    """Numbers 3 and 5, for the nominal plant at each place that has a name."""
    return joined(
        [
            of_clear_day(datasets, first, position_of(place), judge.nominal(place.latitude), place=name)
            for name, place in PLACES.items()
        ]
    )


def pv_of_month(datasets: Datasets, seed: int) -> Measures:
    """Numbers 8 to 11 and 14."""
    block = datasets.block(scenarios.month(seed))
    noon = judge.solar_noon_h(position_of(MUNICH), block.instants)
    return pv_measures.centre_of_day(block.pv[0], block.instants, noon) | pv_measures.of_30_days(
        block.pv[0], verdict_on(MUNICH, block), rating=RATING, interval_s=block.interval_s
    )


def load_of_month(datasets: Datasets, seed: int) -> Measures:
    """Numbers 21 to 23."""
    block = datasets.block(scenarios.month(seed))
    return load_measures.of_one_home(block.load[0], block.interval_s)


def of_spring(datasets: Datasets, seed: int) -> Measures:
    """Numbers 13 and 15."""
    here, there = (datasets.block(scenarios.spring(seed, place)) for place in ("munich", "berlin"))
    said = verdict_on(MUNICH, here)
    up = (said.zenith < 90) & (verdict_on(BERLIN, there).zenith < 90)
    one, neighbour, stranger = (np.where(up, pv, np.nan) for pv in (*here.pv, there.pv[0]))
    return pv_measures.of_days_at_a_minute(here.pv[0], said.power, rating=RATING) | pv_measures.of_pairs(
        (one, neighbour), (one, stranger)
    )


def pv_of_years(datasets: Datasets) -> Measures:
    """Numbers 6, 7 and 12, of five seeds in Munich and in Berlin."""
    munich, berlin = (years(datasets, place) for place in ("munich", "berlin"))
    return {
        **joined([_clearness(munich, MUNICH), _clearness(berlin, BERLIN)]),
        "yield_munich": np.array([annual_yield(munich)]),
        "yield_berlin": np.array([annual_yield(berlin)]),
    }


def load_of_years(datasets: Datasets) -> Measures:
    """Number 16, of five seeds."""
    block = years(datasets, "munich")
    return load_measures.of_years(block.load, block.instants, TIMEZONE, annual_kwh=ANNUAL_KWH)


def of_seasons(datasets: Datasets, seed: int) -> Measures:
    """Numbers 17, 18 and 25 to 27."""
    block = a_thousand_homes(datasets, seed)
    days = load_measures.mean_days(block.load, block.instants, TIMEZONE)
    h0, h25 = (
        load_measures.profile_days(name, block.instants, TIMEZONE, annual_kwh=ANNUAL_KWH) for name in ("H0", "H25")
    )
    return (
        load_measures.against_profile(days, h0)
        | load_measures.against_other_profile(days, h25)
        | load_measures.of_days(days)
    )


def of_hundred_homes(datasets: Datasets, seed: int) -> Measures:
    """Numbers 19, 20 and 24."""
    week, year = datasets.block(scenarios.week(seed)), datasets.block(scenarios.year_of_homes(seed))
    return (
        load_measures.of_nights(year.load, load_measures.local_hours(year.instants, TIMEZONE))
        | load_measures.of_fridges(week.load, load_measures.local_hours(week.instants, TIMEZONE))
        | load_measures.of_groups(load_measures.coincidences(week.load))
    )


def a_thousand_homes(datasets: Datasets, seed: int) -> Block:
    """The three seasons as one block; there is time between them."""
    blocks = [datasets.block(options) for options in scenarios.seasons(seed)]
    instants = np.concatenate([block.instants for block in blocks])
    load, pv = (np.hstack([getattr(block, name) for block in blocks]) for name in ("load", "pv"))
    return Block(blocks[0].sites, instants, load, pv)


def years(datasets: Datasets, place: str) -> Block:
    """The years of a nominal home, of another seed in each row."""
    blocks = [datasets.block(scenarios.year(seed, place)) for seed in YEAR_SEEDS]
    load, pv = (np.vstack([getattr(block, name) for block in blocks]) for name in ("load", "pv"))
    return Block([f"seed {seed}" for seed in YEAR_SEEDS], blocks[0].instants, load, pv)


def annual_yield(years: Block) -> float:
    """Mean over the rows [kWh/kWp]."""
    return float(years.pv.mean()) * 8.76 / CAPACITY_KWP


def joined(several: Sequence[Measures]) -> Measures:
    """The values of all."""
    return {name: np.concatenate([measures[name] for measures in several]) for name in several[0]}


def _clearness(years: Block, place: Place) -> Measures:
    clear = np.repeat(
        judge.verdict(position_of(place), years.instants[::5], judge.nominal(place.latitude)).power, 5
    )  # ten minutes are fine enough
    daily = [pv_measures.daily_clearness(pv, clear, years.instants) for pv in years.pv]
    return pv_measures.of_years(np.array(daily), months_of(years.instants[::720]), dict(enumerate(place.clearness, 1)))


def position_of(place: Place) -> Position:
    """Where pvlib has to look."""
    return Position(place.latitude, place.longitude, place.altitude)


def verdict_on(place: Place, block: Block) -> Verdict:
    """What pvlib says of the nominal plant at the block's instants."""
    return judge.verdict(position_of(place), block.instants, judge.nominal(place.latitude))


def months_of(instants: Ints) -> Ints:
    """The months (1 to 12) of instants [ms since 1970], by a clock one hour ahead of UTC."""
    local = (instants + 3_600_000).astype("datetime64[ms]")
    return local.astype("datetime64[M]").astype(np.int64) % 12 + 1
