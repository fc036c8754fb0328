"""How much is measured."""

from typing import NamedTuple

from tests.benchmark.datasets import SUFFIXES
from tests.benchmark.load import Load


class Size(NamedTuple):
    """How much of each leg: a few seconds, so that starting and stopping does not count."""

    rounds: int
    challenge: int  # readings of A1
    safe_classic: int  # readings of A2
    loads: dict[int, Load]  # of B, by readings a message
    ceilings: dict[int, int]  # messages of C, by readings a message
    disk: int  # batches
    latency_s: int
    dataset: Load
    formats: tuple[str, ...]  # of data sets
    looks: bool  # whether it is measured what looking costs, which takes a minute
    homes: dict[int, int]  # instants, by homes


FULL = Size(
    rounds=5,
    challenge=300,
    safe_classic=2000,
    loads={1: Load(100, 600, 1), 10: Load(100, 4000, 10), 100: Load(100, 10_000, 100), 1000: Load(1000, 2000)},
    ceilings={1: 40_000, 1000: 10_000},
    disk=400,
    latency_s=20,
    dataset=Load(1000, 2000),
    formats=tuple(SUFFIXES),
    looks=True,
    homes={1: 20_000, 10: 5000, 100: 5000, 1000: 2000, 10_000: 200, 100_000: 30},
)
QUICK = Size(
    rounds=1,
    challenge=60,
    safe_classic=500,
    loads={1: Load(100, 150, 1), 10: Load(100, 800, 10), 100: Load(100, 2000, 100), 1000: Load(1000, 500)},
    ceilings={1: 15_000, 1000: 1500},
    disk=50,
    latency_s=5,
    dataset=Load(1000, 500),
    formats=("JSONL", "Parquet"),
    looks=False,
    homes={1: 5000, 10: 2000, 100: 1000, 1000: 500, 10_000: 60},
)
