"""What a journal must be: every reading once, none missing between a site's first and last, each as modelled."""

from collections import Counter
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from meter.household import Households
from meter.profiles import Profile, parse_table
from pvsim.fleet import Fleet
from pvsim.readings import Readings
from pvsim.sky import Location
from pvsim_common.broker.queues import partition_of
from pvsim_common.messages import PowerRecord, parse_timestamp


class Span(NamedTuple):
    """What a site has records of [ms since 1970]."""

    first: int
    last: int
    records: int


def check(lines: list[bytes], *, interval_ms: int = 1000, partition: int = 0, partitions: int = 1) -> dict[str, Span]:
    """The span of each site. Raises AssertionError where a line is wrong, double, missing or another partition's."""
    decoder = msgspec.json.Decoder(PowerRecord)
    keys = [(record.site, parse_timestamp(record.timestamp)) for record in map(decoder.decode, lines)]
    spans: dict[str, Span] = {}
    twice = [key for key, times in Counter(keys).items() if times > 1]
    assert twice == []
    instants: dict[str, list[int]] = {}
    for site, instant in keys:
        instants.setdefault(site, []).append(instant)
    for site, known in instants.items():
        known.sort()
        assert np.all(np.diff(known) == interval_ms), f"{site}: {_gaps(known, interval_ms)}"
        assert partition_of(site, partitions) == partition, site
        spans[site] = Span(known[0], known[-1], len(known))
    assert sorted(lines) == sorted(_modelled(keys))
    return spans


def _gaps(instants: list[int], interval_ms: int) -> str:
    steps = np.diff(instants)
    at = int(np.argmax(steps != interval_ms))
    return f"{int((steps != interval_ms).sum())} gaps, the first of {steps[at]} ms after {instants[at]}"


def _modelled(keys: list[tuple[str, int]]) -> list[bytes]:
    """The lines that meter and pvsim make of these sites and instants with the default settings."""
    table = parse_table(files("meter").joinpath("data/h0.csv").read_text().splitlines())
    profile = Profile(table, ZoneInfo("Europe/Berlin"))
    sites = sorted({site for site, _ in keys})
    instants = np.unique(np.array([instant for _, instant in keys], dtype=np.int64))
    homes = Households(sites, seed=1, profile=profile, variation=True)
    power_w = homes.power(instants)
    row_of = {site: row for row, site in enumerate(sites)}
    each = np.array([instant for _, instant in keys], dtype=np.int64)
    power = power_w[[row_of[site] for site, _ in keys], np.searchsorted(instants, each)]
    readings = Readings([site for site, _ in keys], each, np.full_like(each, 1), power)
    return Fleet(Location(48.14, 11.58, 520.0)).records(readings).lines().splitlines()
