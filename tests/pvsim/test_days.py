"""Quantities kept for days."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pvsim.days import Days

Ints = NDArray[np.int64]
DAY_MS = 86_400_000


def counted(instants: Ints) -> NDArray[np.float64]:
    """The hour, and minus the hour."""
    return np.array([instants / 3_600_000, -instants / 3_600_000])


def hours() -> Days:
    return Days(counted, step_ms=600_000)


@pytest.mark.parametrize("instant", [0, 1, 599_999, DAY_MS - 1, -1, 8 * DAY_MS, 8 * DAY_MS - 1, 7_258_118_399_999])
def test_what_is_linear_is_exact_at_any_instant(instant: int) -> None:
    hour = instant / 3_600_000

    assert hours().at(np.array([instant]))[:, 0] == pytest.approx([hour, -hour], rel=1e-12, abs=1e-12)


def test_instants_may_come_in_any_order_from_any_days() -> None:
    instants = np.array([[5, 3 * DAY_MS], [900 * DAY_MS + 7, 1]])

    assert hours().at(instants) == pytest.approx(counted(instants), rel=1e-12)


def test_quantities_can_be_picked_for_each_reading() -> None:
    instants = np.array([3_600_000, 20 * DAY_MS])

    picked = hours().at(instants, np.array([[0, 1], [1, 0]]))

    assert picked == pytest.approx(np.array([[1, -480], [-1, 480]]))


def test_what_is_near_is_computed_once_and_little_is_kept() -> None:
    computed: list[int] = []

    def remembered(instants: Ints) -> NDArray[np.float64]:
        computed.append(int(instants[0]) // DAY_MS)
        return counted(instants)

    days = Days(remembered, step_ms=600_000)
    for day in (0, 1, 7, 0, 100, 200, 300, 400, 500, 0):
        days.at(np.array([day * DAY_MS]))

    assert computed == [0, 96, 200, 296, 400, 496, 0]  # the first days were forgotten meanwhile
