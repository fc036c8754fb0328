"""What a journal must be: every reading once, none missing between a site's first and last, each as modelled."""

from collections import Counter
from typing import NamedTuple

import msgspec
import numpy as np
from tests import simulated

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
    assert sorted(lines) == sorted(simulated.lines_of(keys))
    return spans


def _gaps(instants: list[int], interval_ms: int) -> str:
    steps = np.diff(instants)
    at = int(np.argmax(steps != interval_ms))
    return f"{int((steps != interval_ms).sum())} gaps, the first of {steps[at]} ms after {instants[at]}"
