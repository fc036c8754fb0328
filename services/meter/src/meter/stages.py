"""The course of runs: when each of them changes its power, and by how much."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from meter.appliances import APPLIANCES, Stage
from meter.runs import Runs
from meter.walltime import Ints


class Changes(NamedTuple):
    """Changes of power; each field has the shape [changes]."""

    home: Ints  # row of the home
    time: Ints  # [ms since 1970]
    step: Ints  # [W]


def changes(runs: Runs) -> Changes:
    """All changes of power that the runs make; those of a run sum up to nothing."""
    bounds = np.searchsorted(runs.kind, np.arange(len(APPLIANCES) + 1))
    parts = [
        part
        for kind, appliance in enumerate(APPLIANCES)
        if bounds[kind] < bounds[kind + 1]
        for part in _course(runs.of(slice(bounds[kind], bounds[kind + 1])), appliance.stages)
    ]
    none = Changes(*(np.empty(0, dtype=np.int64) for _ in Changes._fields))
    return Changes(*(np.concatenate(fields) for fields in zip(none, *parts, strict=True)))


def _course(runs: Runs, stages: tuple[Stage, ...]) -> Iterator[Changes]:
    """The changes that runs of one appliance make, stage by stage."""
    begin = runs.begin
    for stage in stages:
        end = begin + np.rint(1000 * (stage.seconds + stage.vary * (2 * runs.shape - 1))).astype(np.int64)
        low, high = (np.rint(power * runs.strength).astype(np.int64) for power in (stage.low, stage.high))
        if stage.low:
            yield from _switched(runs.home, begin, end, low)
        yield from _cycles(runs, stage, begin, end, high - low)
        begin = end


def _cycles(runs: Runs, stage: Stage, begin: Ints, end: Ints, power: Ints) -> Iterator[Changes]:
    """So much power for a share of each cycle between begin and end."""
    fewest, most = stage.cycles
    count = fewest + (runs.shape * (most - fewest + 1)).astype(np.int64)
    run, cycle = np.nonzero(np.arange(most) < count[:, np.newaxis])
    period = (end - begin) / count
    on = begin[run] + (cycle * period[run]).astype(np.int64)
    off = begin[run] + ((cycle + stage.duty) * period[run]).astype(np.int64)
    yield from _switched(runs.home[run], on, off, power[run])


def _switched(home: Ints, on: Ints, off: Ints, power: Ints) -> Iterator[Changes]:
    yield Changes(home, on, power)
    yield Changes(home, off, -power)
