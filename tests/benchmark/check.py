"""Whether a journal is what it should be: every reading once, and a sample of them computed again."""

import random
from datetime import datetime
from pathlib import Path

import numpy as np
from tests.simulated import lines_of_all

from meter.fleet import homes_of

_SAMPLE = 20  # instants; all homes of each


def check(journal: Path, *, homes: int, instants: int, start: str) -> int:
    """How many lines the journal holds. Raises RuntimeError if they are not exactly the readings of this run."""
    lines = journal.read_bytes().splitlines()
    readings = {line.partition(b',"meter"')[0] for line in lines}
    if not len(lines) == len(readings) == homes * instants:
        raise RuntimeError(f"{len(lines)} lines of {len(readings)} readings instead of {homes * instants}")
    missing = sample(homes=homes, instants=instants, start=start) - set(lines)
    if missing:
        raise RuntimeError(f"{len(missing)} lines of the sample are wrong or missing, such as {min(missing)!r}")
    return len(lines)


def sample(*, homes: int, instants: int, start: str) -> set[bytes]:
    """The lines of some instants, computed by the model alone."""
    sites = homes_of(0, shards=1, homes=homes)
    first = round(datetime.fromisoformat(start).timestamp() * 1000)
    chosen = first + 1000 * np.array(sorted(random.sample(range(instants), min(_SAMPLE, instants))), dtype=np.int64)
    return set(lines_of_all(sites, chosen))
