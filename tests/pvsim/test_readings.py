"""Messages as columns."""

import numpy as np
import pytest

from pvsim.readings import columns
from pvsim_common.messages import Admitted

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
MESSAGES = [
    Admitted(NOON, 1000, ["home-1", "home-2"], [432, 1187]),
    Admitted(NOON + 500, 500, ["plant"], [0]),
]


def test_each_reading_keeps_its_site_instant_interval_and_power() -> None:
    readings = columns(MESSAGES)

    assert readings.sites == ["home-1", "home-2", "plant"]
    assert readings.instants.tolist() == [NOON, NOON, NOON + 500]
    assert readings.intervals.tolist() == [1000, 1000, 500]
    assert readings.power_w.tolist() == [432, 1187, 0]


def test_no_messages_are_no_readings() -> None:
    readings = columns([])

    assert [len(column) for column in readings[:4]] == [0, 0, 0, 0]
    assert readings.grid is None


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
    assert {len(column) for column in picked[:4]} == {len(sites)}


def test_messages_of_the_same_list_of_sites_are_a_grid_and_so_are_messages_of_one_instant() -> None:
    sites = ["home-1", "home-2"]
    same = [Admitted(NOON + 1000 * n, 1000, sites, [n, n]) for n in range(3)]
    one_instant = [Admitted(NOON, 1000, sites, [1, 2]), Admitted(NOON, 1000, ["plant"], [3])]

    assert columns(same).grid == (3, 2)
    assert columns(one_instant).grid == (1, 3)
    assert columns([*same, Admitted(NOON, 1000, list(sites), [1, 2])]).grid is None


def test_what_is_left_of_a_grid_is_none() -> None:
    picked = columns(MESSAGES[:1]).where(np.array([True, False]))

    assert picked.grid is None
