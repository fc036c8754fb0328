"""Messages as columns."""

import numpy as np
import pytest

from pvsim.readings import columns
from pvsim_common.messages import MeterReadings

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
MESSAGES = [
    (NOON, MeterReadings("2026-06-21T10:00:00Z", 1.0, ["home-1", "home-2"], [432, 1187])),
    (NOON + 500, MeterReadings("2026-06-21T10:00:00.500Z", 0.5, ["plant"], [0])),
]


def test_each_reading_keeps_its_site_instant_interval_and_power() -> None:
    readings = columns(MESSAGES)

    assert readings.sites == ["home-1", "home-2", "plant"]
    assert readings.instants.tolist() == [NOON, NOON, NOON + 500]
    assert readings.intervals.tolist() == [1000, 1000, 500]
    assert readings.power_w.tolist() == [432, 1187, 0]


def test_no_messages_are_no_readings() -> None:
    readings = columns([])

    assert [len(column) for column in readings] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("mask", "sites"),
    [
        ([True, True, True], ["home-1", "home-2", "plant"]),
        ([False, True, False], ["home-2"]),
        ([False, False, False], []),
    ],
)
def test_some_of_them_can_be_picked(mask: list[bool], sites: list[str]) -> None:
    picked = columns(MESSAGES).where(np.array(mask))

    assert picked.sites == sites
    assert {len(column) for column in picked} == {len(sites)}
