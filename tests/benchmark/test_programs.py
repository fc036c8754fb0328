"""What the benchmark's programs put something else in place of is there: a new name would change nothing, silently."""

from types import ModuleType

import pytest
from tests.benchmark.programs import (
    dataset_in_parts,
    meter_constant,
    pvsim_constant,
    pvsim_telling_delays,
    pvsim_without_sync,
)

import dataset.parts
import meter.main
import pvsim.journal
import pvsim.main

PLACES = [
    (pvsim.journal, "Disk", pvsim_without_sync.HastyDisk),
    (pvsim.main, "Fleet", pvsim_constant.ConstantFleet),
    (pvsim.main, "Subscriber", pvsim_telling_delays.TellingSubscriber),
    (meter.main, "Households", meter_constant.ConstantHouseholds),
    (dataset.parts, "Simulation", dataset_in_parts.TimedSimulation),
]


@pytest.mark.parametrize(("module", "name", "substitute"), PLACES, ids=[name for _, name, _ in PLACES])
def test_a_class_and_the_method_that_differs_are_there(module: ModuleType, name: str, substitute: type) -> None:
    original = vars(module)[name]

    assert issubclass(substitute, original)
    methods = [name for name, value in vars(substitute).items() if callable(value)]
    assert [method for method in methods if hasattr(original, method)] == methods != []
