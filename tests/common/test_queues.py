"""Names and arguments of the queues: a contract, since a queue that exists with other arguments cannot be used."""

import pytest

from pvsim_common.broker.queues import partition_of, position_queue, quarantine_queue, readings_queue


def test_the_queue_of_a_partition_is_read_by_one_consumer_and_never_drops_a_message() -> None:
    assert readings_queue(3) == (
        "readings.3",
        {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000_000, "x-single-active-consumer": True},
    )


def test_a_full_quarantine_refuses_rather_than_forgets() -> None:
    assert quarantine_queue() == (
        "readings.quarantine",
        {
            "x-queue-type": "quorum",
            "x-delivery-limit": 1_000_000_000,
            "x-max-length": 100_000,
            "x-max-length-bytes": 268_435_456,
            "x-overflow": "reject-publish",
        },
    )


def test_of_positions_only_the_newest_is_kept() -> None:
    assert position_queue(2) == (
        "meter.2.position",
        {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000_000, "x-max-length": 1, "x-overflow": "drop-head"},
    )


def test_with_one_partition_every_site_is_in_it() -> None:
    assert {partition_of(f"home-{n}", 1) for n in range(100)} == {0}


# python -c "import zlib; print(zlib.crc32(b'home-1') % 4)"
@pytest.mark.parametrize(("site", "partition"), [("home-1", 0), ("home-2", 2), ("home-3", 0), ("home-4", 3)])
def test_a_site_belongs_to_the_partition_of_its_crc32(site: str, partition: int) -> None:
    assert partition_of(site, 4) == partition


def test_sites_spread_over_all_partitions() -> None:
    counts = [0] * 4
    for n in range(1, 1001):
        counts[partition_of(f"home-{n}", 4)] += 1

    assert min(counts) > 200
