"""The measures of loads: data sets in, the values of numbers 16 to 27 of the table out."""

import numpy as np
from tests.model import load_measures, scenarios
from tests.model.block import Block, stacked
from tests.model.datasets import Datasets
from tests.model.scenarios import ANNUAL_KWH, TIMEZONE, YEAR_SEEDS
from tests.model.standard_profiles import ProfileName
from tests.model.verdicts import Measures


def of_month(datasets: Datasets, seed: int) -> Measures:
    """Numbers 21 to 23."""
    block = datasets.block(scenarios.month(seed))
    return load_measures.of_one_home(block.load[0], block.interval_s)


def of_years(datasets: Datasets) -> Measures:
    """Number 16, of five seeds."""
    block = stacked([datasets.block(scenarios.flat_year(seed)) for seed in YEAR_SEEDS])
    return load_measures.of_years(block.load, block.instants, TIMEZONE, annual_kwh=ANNUAL_KWH)


def of_seasons(datasets: Datasets, seed: int, profile: ProfileName = "H0") -> Measures:
    """Numbers 17, 18 and 25 to 27."""
    block = a_thousand_homes(datasets, seed, profile)
    days = load_measures.mean_days(block.load, block.instants, TIMEZONE)
    h0, h25 = (
        load_measures.profile_days(name, block.instants, TIMEZONE, annual_kwh=ANNUAL_KWH) for name in ("H0", "H25")
    )
    own, other = (h0, h25) if profile == "H0" else (h25, h0)
    return (
        load_measures.against_profile(days, own)
        | load_measures.against_other_profile(days, other)
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


def a_thousand_homes(datasets: Datasets, seed: int, profile: ProfileName = "H0") -> Block:
    """The three seasons as one block; there is time between them."""
    blocks = [datasets.block(options) for options in scenarios.seasons(seed, profile)]
    instants = np.concatenate([block.instants for block in blocks])
    load, pv = (np.hstack([getattr(block, name) for block in blocks]) for name in ("load", "pv"))
    return Block(blocks[0].sites, instants, load, pv)
