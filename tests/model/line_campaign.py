"""The measures of lines: data sets in, the values of numbers 1, 2, 4 and 28 to 31 of the table out."""

from tests.model import line_measures, scenarios
from tests.model.datasets import Datasets
from tests.model.scenarios import SEEDS, SMALL_INVERTER_KW, TIMEZONE
from tests.model.verdicts import Measures, joined


def of_lines(datasets: Datasets, seed: int) -> Measures:
    """Numbers 1, 2, 4 and 31."""
    options = scenarios.day(seed)
    ranges = line_measures.of_ranges(datasets.block(options), rating=SMALL_INVERTER_KW * 1000)
    return line_measures.of_file(datasets.path(options)) | ranges


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


def of_clock_changes(datasets: Datasets) -> Measures:
    """Number 30, but for the hour that comes twice."""
    return {
        name: line_measures.hours_of(datasets.block(scenarios.clock_change(day)), day, TIMEZONE)
        for name, day in (("spring_hours", "2026-03-29"), ("autumn_hours", "2026-10-25"))
    }
