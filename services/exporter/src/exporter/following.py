"""Follow several journals in turns, until asked to stop."""

import logging
from collections.abc import Iterator, Sequence
from typing import Protocol

import structlog

from exporter.follower import Follower
from exporter.records import Records
from pvsim_common.messages import format_timestamp

_log = structlog.get_logger()


class Stopping(Protocol):
    """Whether to end."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait so long or until it is time to stop; whether it is."""
        ...


def follow(followers: Sequence[Follower], stopping: Stopping, *, poll_interval_s: float) -> Iterator[Records]:
    """What the journals hold and what is added to them, chunk by chunk; empty ones while there is nothing new."""
    while not stopping.is_set():
        chunks = [follower.advance() for follower in followers]
        for records in chunks:
            _log_each(records)
            yield records
        is_busy = any(records.sites or records.invalid for records in chunks)
        if not is_busy and not any(follower.is_reading_back for follower in followers):
            stopping.wait(poll_interval_s)


def unread(followers: Sequence[Follower]) -> str | None:
    """Why the totals are not to be shown yet; None when they are."""
    share = read_share(followers)
    return None if share is None else f"reading the journal, {int(100 * share)} %"


def read_share(followers: Sequence[Follower]) -> float | None:
    """How much of what was there at the start has been read; None when all of it."""
    if all(follower.caught_up for follower in followers):
        return None
    done, size = map(sum, zip(*(follower.progress for follower in followers), strict=True))
    return min(done / max(size, 1), 1.0)


def _log_each(records: Records) -> None:
    if not logging.getLogger().isEnabledFor(logging.DEBUG):  # asked once a chunk: it has thousands of records
        return
    for site, instant, meter, pv in zip(
        records.sites, records.instants.tolist(), records.meter.tolist(), records.pv.tolist(), strict=True
    ):
        _log.debug("record_read", timestamp=format_timestamp(instant), site=site, meter_w=meter / 10, pv_w=pv / 10)
