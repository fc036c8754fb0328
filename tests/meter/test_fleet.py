"""Which homes a meter has, and which of them travel together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meter.fleet import groups, homes_of, messages
from pvsim_common.broker import partition_of
from pvsim_common.messages import EncodedReadings, MeterReadings, decode_readings

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds


def test_homes_are_numbered_from_1() -> None:
    assert homes_of(0, shards=1, homes=3) == ["home-1", "home-2", "home-3"]


def test_shards_take_turns() -> None:
    assert homes_of(1, shards=3, homes=8) == ["home-2", "home-5", "home-8"]


@given(st.integers(1, 12), st.integers(1, 200))
def test_every_home_belongs_to_one_shard(shards: int, homes: int) -> None:
    shared = [home for shard in range(shards) for home in homes_of(shard, shards=shards, homes=homes)]

    assert sorted(shared) == sorted(homes_of(0, shards=1, homes=homes))


@given(st.integers(1, 60), st.integers(1, 5), st.integers(1, 20))
def test_every_home_is_in_one_group_of_its_partition_that_is_not_too_large(
    homes: int, partitions: int, sites_per_message: int
) -> None:
    sites = homes_of(0, shards=1, homes=homes)

    made = groups(sites, partitions=partitions, sites_per_message=sites_per_message)

    assert sorted(site for group in made for site in group.roster.sites) == sorted(sites)
    for group in made:
        assert 1 <= len(group.roster.sites) <= sites_per_message
        assert {partition_of(site, partitions) for site in group.roster.sites} == {group.partition}
        assert [sites[row] for row in group.rows] == group.roster.sites


def test_there_are_no_more_groups_than_needed() -> None:
    sites = homes_of(0, shards=1, homes=2500)

    made = groups(sites, partitions=1, sites_per_message=1000)

    assert [len(group.roster.sites) for group in made] == [1000, 1000, 500]


@pytest.mark.parametrize("sites_per_message", [1, 2, 3, 1000])
def test_each_home_gets_its_own_power_whatever_the_size_of_messages(sites_per_message: int) -> None:
    sites = homes_of(0, shards=1, homes=5)
    power_w = np.array([101, 102, 103, 104, 105])
    members = groups(sites, partitions=3, sites_per_message=sites_per_message)

    made = [decode_readings(message.body)[0] for _, message in messages(NOON, power_w, members, 1.0)]

    told = {site: power for readings in made for site, power in zip(readings.sites, readings.power_w, strict=True)}
    assert told == {"home-1": 101, "home-2": 102, "home-3": 103, "home-4": 104, "home-5": 105}


def test_a_message_says_its_partition_instant_and_interval() -> None:
    members = groups(["home-2"], partitions=4, sites_per_message=10)  # crc32("home-2") % 4 = 2

    made = list(messages(NOON + 500, np.array([432]), members, 0.5))

    said = b'{"timestamp":"2026-06-21T10:00:00.500Z","interval_s":0.5,"sites":["home-2"],"power_w":[432]}'
    assert made == [(2, EncodedReadings(said, "home-2/2026-06-21T10:00:00.500Z", 1))]


def test_a_message_can_be_sent_and_understood() -> None:
    ((_, message),) = messages(NOON, np.array([432]), groups(["home-1"], partitions=1, sites_per_message=1), 1.0)

    assert decode_readings(message.body) == (MeterReadings("2026-06-21T10:00:00Z", 1.0, ["home-1"], [432]), NOON)
