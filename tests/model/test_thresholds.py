"""A threshold holds for what is inside it, ends included, and for nothing else."""

import pytest
from tests.model.thresholds import ANY, THRESHOLDS, Threshold


@pytest.mark.parametrize("values", [[0.2], [0.5], [0.2, 0.35, 0.5], 0.3])
def test_values_inside_hold(values: object) -> None:
    assert Threshold(1, "", 0.2, 0.5).holds(values)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [[0.19], [0.3, 0.51], [float("nan")], [0.3, float("nan")], []])
def test_one_value_outside_or_no_number_or_no_value_at_all_does_not(values: list[float]) -> None:
    assert not Threshold(1, "", 0.2, 0.5).holds(values)


@pytest.mark.parametrize(
    ("low", "high", "text"), [(1, 1, "1"), (-ANY, 0.005, "≤ 0.005"), (0.97, ANY, "≥ 0.97"), (930, 1130, "930 to 1130")]
)
def test_a_range_can_be_read(low: float, high: float, text: str) -> None:
    assert Threshold(1, "", low, high).range == text


def test_there_is_a_threshold_for_each_of_the_31_tests() -> None:
    assert {threshold.number for threshold in THRESHOLDS.values()} == set(range(1, 32))
