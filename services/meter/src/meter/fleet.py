"""The homes of one meter replica, and the messages that hold their readings."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim_common.broker.queues import partition_of
from pvsim_common.messages import EncodedReadings, Roster, format_timestamp


class Group(NamedTuple):
    """Sites whose readings travel in one message."""

    partition: int
    roster: Roster
    rows: list[int]  # where they stand among the shard's homes


def homes_of(shard: int, *, shards: int, homes: int) -> list[str]:
    """The names of a shard's homes: home n belongs to shard (n - 1) mod shards."""
    return [f"home-{n}" for n in range(shard + 1, homes + 1, shards)]


def groups(sites: list[str], *, partitions: int, sites_per_message: int) -> list[Group]:
    """Split sites by partition, and each partition's by the size of a message."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, site in enumerate(sites):
        rows[partition_of(site, partitions)].append(row)
    return [
        Group(partition, Roster([sites[row] for row in chunk]), chunk)
        for partition, members in sorted(rows.items())
        for chunk in (members[at : at + sites_per_message] for at in range(0, len(members), sites_per_message))
    ]


def messages(
    instant: int, power_w: NDArray[np.int64], members: list[Group], interval_s: float
) -> Iterator[tuple[int, EncodedReadings]]:
    """The messages of one instant [ms since 1970], each with its partition, from the power of every site [W]."""
    timestamp = format_timestamp(instant)
    powers = power_w.tolist()
    for group in members:
        yield group.partition, group.roster.encode(timestamp, interval_s, [powers[row] for row in group.rows])
