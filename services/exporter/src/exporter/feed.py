"""One page's stream of server-sent events: the day as a whole when it changes, else only what is new."""

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from exporter.day import BIN_MS, Floats
from exporter.live import Now, Sight
from exporter.totals import Today

RETRY = b"retry: 2000\n\n"
_QUIET_S = 5.0
_MANY_BINS = 120  # the day as a whole is shorter then


class DayEvent(msgspec.Struct, frozen=True):
    """The curve of a day: mean power of each bin [W], null where there is none."""

    site: str | None
    date: str
    timezone: str
    begins_ms: int
    ends_ms: int
    bin_ms: int
    meter_w: list[float]
    pv_w: list[float]


class Feed:
    """What one page has been told of a site, or of the fleet for None."""

    def __init__(self, site: str | None) -> None:
        self._site = site
        self._told: Today | None = None
        self._now: Now | None = None
        self._said_s = 0.0

    def news(self, sight: Sight, *, now_s: float) -> Iterator[bytes]:
        """The events that tell a page what it does not know; none where there is nothing new and it was just told."""
        bins = self._new_bins(sight.today)
        if bins is None and sight.today is not None:
            yield _event("day", _day(self._site, sight.today))
        self._told = sight.today
        if bins or bins is None or now_s - self._said_s >= _QUIET_S or _essence(sight.now) != _essence(self._now):
            self._said_s = now_s
            self._now = sight.now
            yield _event("now", msgspec.structs.replace(sight.now, bins=bins or []))

    def _new_bins(self, today: Today | None) -> list[tuple[int, float, float]] | None:
        """The bins that changed; None where the day is another, or so much of it is."""
        told = self._told
        if told is None or today is None or (told.begins, told.timezone) != (today.begins, today.timezone):
            return None
        changed = np.flatnonzero(_differ(told.curve.meter, today.curve.meter) | _differ(told.curve.pv, today.curve.pv))
        if len(changed) > _MANY_BINS:
            return None
        meter, pv = (np.round(curve[changed], 1).tolist() for curve in today.curve)
        return list(zip(changed.tolist(), meter, pv, strict=True))


def _day(site: str | None, today: Today) -> DayEvent:
    ends = np.flatnonzero(~np.isnan(today.curve.meter))
    length = int(ends[-1]) + 1 if len(ends) else 0
    meter, pv = (np.round(curve[:length], 1).tolist() for curve in today.curve)
    return DayEvent(site, str(today.date), today.timezone, today.begins, today.ends, BIN_MS, meter, pv)


def _differ(one: Floats, other: Floats) -> NDArray[np.bool_]:
    return np.not_equal(one, other) & ~(np.isnan(one) & np.isnan(other))


def _essence(now: Now | None) -> Now | None:
    """What makes a moment differ from another: not that time goes by."""
    if now is None:
        return None
    pipeline = msgspec.structs.replace(now.pipeline, last_write_age_s=None, readings_per_s=0.0)
    return msgspec.structs.replace(now, pipeline=pipeline, bins=[])


def _event(name: str, content: msgspec.Struct) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(content))
