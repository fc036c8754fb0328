"""Whether a journal is what it should be: every reading once, and a sample of them computed again."""

import random
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from meter.fleet import homes_of
from meter.household import Households
from meter.profiles import Profile, parse_table
from pvsim.fleet import Fleet
from pvsim.readings import Readings
from pvsim.sky import Location

_SAMPLE = 20  # instants; all homes of each
_DEFAULT_PLACE = Location(48.14, 11.58, 520.0)


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
    table = parse_table(files("meter").joinpath("data/h0.csv").read_text().splitlines())
    households = Households(sites, seed=1, profile=Profile(table, ZoneInfo("Europe/Berlin")), variation=True)
    each = np.repeat(chosen, homes)
    power_w = households.power(chosen).T.ravel()
    readings = Readings(sites * len(chosen), each, np.full_like(each, 1000), power_w)
    return set(Fleet(_DEFAULT_PLACE).records(readings).lines().splitlines())
