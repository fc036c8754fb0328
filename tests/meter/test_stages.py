"""The course of a run: when it changes its power, and by how much."""

import numpy as np
import pytest

from meter.appliances import APPLIANCES
from meter.runs import Runs
from meter.stages import Changes, changes

NAMES = [appliance.name for appliance in APPLIANCES]
BEGIN = 1_782_036_000_000


def course(name: str, *, strength: float = 1.0, shape: float = 0.5) -> Changes:
    """The changes that one run makes."""
    kind = np.array([NAMES.index(name)])
    return changes(Runs(kind, np.array([7]), np.array([BEGIN]), np.array([strength]), np.array([shape])))


def power_by_second(made: Changes, seconds: int) -> np.ndarray:
    """The power that the changes sum up to, in the middle of each second."""
    times = BEGIN + 1000 * np.arange(seconds) + 500
    return np.array([made.step[made.time <= time].sum() for time in times.tolist()])


def test_a_kettle_boils_for_two_and_a_half_minutes() -> None:
    made = course("kettle", strength=1.1)

    assert made.home.tolist() == [7, 7]
    assert made.time.tolist() == [BEGIN, BEGIN + 150_000]
    assert made.step.tolist() == [2200, -2200]


@pytest.mark.parametrize("shape", [0.0, 0.3, 1 - 2**-53])
@pytest.mark.parametrize("name", NAMES)
def test_a_run_needs_its_energy_begins_and_ends_in_time_and_leaves_nothing_behind(name: str, shape: float) -> None:
    appliance = APPLIANCES[NAMES.index(name)]

    made = course(name, shape=shape)

    energy_wh = -(made.step * (made.time - BEGIN)).sum() / 3_600_000
    assert made.step.sum() == 0
    assert made.time.min() == BEGIN
    assert BEGIN < made.time.max() <= BEGIN + 1000 * appliance.seconds
    tolerance = 0.1 if name == "washing-machine" else 0.001  # it heats for 15 to 20 minutes
    assert energy_wh == pytest.approx(appliance.energy, rel=tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_in_the_mean_of_its_shapes_a_run_needs_its_energy(name: str) -> None:
    made = [course(name, shape=(n + 0.5) / 100) for n in range(100)]

    energy_wh = np.mean([-(run.step * (run.time - BEGIN)).sum() / 3_600_000 for run in made])
    assert energy_wh == pytest.approx(APPLIANCES[NAMES.index(name)].energy, rel=0.001)


def test_a_hob_heats_up_and_then_cycles() -> None:
    power = power_by_second(course("hob", shape=0.0), 25 * 60)

    assert set(power[:150].tolist()) == {1800}
    assert set(power[150:].tolist()) == {0, 1800}
    assert np.mean(power[150:] > 0) == pytest.approx(0.38, abs=0.02)
    assert np.sum(np.diff(power[150:]) > 0) == 24  # of 25 cycles, the first goes on from before


def test_the_shape_of_a_run_is_in_the_number_of_its_cycles() -> None:
    fewest, most = (len(course("hob", shape=shape).time) for shape in (0.0, 1 - 2**-53))

    assert (fewest, most) == (2 + 2 * 25, 2 + 2 * 45)


def test_a_dishwasher_heats_twice_while_its_pump_runs() -> None:
    power = power_by_second(course("dishwasher", strength=0.8), 100 * 60)

    heating = power > 1000
    assert set(power.tolist()) == {40, 1600}
    assert np.flatnonzero(np.diff(heating.astype(int))).size == 4


def test_a_washing_machine_heats_for_15_to_20_minutes() -> None:
    minutes = [np.sum(power_by_second(course("washing-machine", shape=u), 6600) > 1000) / 60 for u in (0.0, 1 - 1e-9)]

    assert minutes == pytest.approx([15, 20], abs=0.1)


def test_the_drum_of_a_dryer_turns_between_three_heatings() -> None:
    power = power_by_second(course("dryer"), 70 * 60)

    assert set(power.tolist()) == {180, 2100}
    assert np.sum(np.diff(power, prepend=0) > 1000) == 3


def test_each_run_has_its_own_home_and_strength() -> None:
    kind = np.array([3, 3, 14])  # two kettles and a boost
    of_all = changes(
        Runs(kind, np.array([0, 4, 2]), BEGIN + np.array([0, 50, 9]), np.array([1.0, 0.8, 1.2]), kind / 20)
    )

    found = {(int(h), int(t) - BEGIN, int(s)) for h, t, s in zip(*of_all, strict=True)}
    assert found == {
        (0, 0, 2000), (0, 150_000, -2000), (4, 50, 1600), (4, 150_050, -1600), (2, 9, 4200), (2, 420_009, -4200)
    }  # fmt: skip


def test_no_runs_change_nothing() -> None:
    none = np.empty(0, dtype=np.int64)

    assert changes(Runs(none, none, none, none.astype(float), none.astype(float))).step.size == 0
