"""All measures of a simulation: data sets in, the values of each statistic of the table out."""

from tests.model import line_campaign, load_campaign, pv_campaign
from tests.model.datasets import Datasets
from tests.model.scenarios import SEEDS, SOLSTICES_AND_EQUINOXES
from tests.model.verdicts import Measures, joined

_OF_A_SEED = (
    line_campaign.of_lines,
    pv_campaign.of_month,
    pv_campaign.of_neighbours,
    pv_campaign.of_changeable_days,
    load_campaign.of_month,
    load_campaign.of_seasons,
    load_campaign.of_hundred_homes,
)
_OF_ALL_SEEDS = (
    pv_campaign.of_years,
    pv_campaign.of_yields,
    load_campaign.of_years,
    line_campaign.of_clock_changes,
    line_campaign.of_repetitions,
)


def everything(datasets: Datasets) -> Measures:
    """Every statistic of the table; those of a seed for each of SEEDS."""
    parts = [joined([measure(datasets, seed) for seed in SEEDS]) for measure in _OF_A_SEED]
    parts += [joined([pv_campaign.of_presets(datasets, first) for first in SOLSTICES_AND_EQUINOXES])]
    parts += [measure(datasets) for measure in _OF_ALL_SEEDS]
    return {name: values for measures in parts for name, values in measures.items()}
