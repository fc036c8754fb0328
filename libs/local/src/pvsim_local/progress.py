"""Say every few seconds how the chain is doing, from what the exporter serves."""

import time
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

RECORDS = "pvsim_journal_records_total"
TIMESTAMP = "pvsim_reading_timestamp_seconds"
PV = "pvsim_fleet_pv_power_watts"
LOAD = "pvsim_fleet_meter_power_watts"
NET = "pvsim_fleet_net_power_watts"


@dataclass(frozen=True)
class Sight:
    """What the exporter said at one moment, with the moment [s on the monotonic clock]."""

    seen_at_s: float
    values: dict[str, float]


class Progress:
    """One line every `every_s` seconds, as soon as there is something to say."""

    def __init__(self, metrics_url: str, *, every_s: float = 5.0) -> None:
        self._metrics_url = metrics_url
        self._every_s = every_s
        self._next_at_s = 0.0
        self._former: Sight | None = None

    def tick(self) -> None:
        """Print the line when it is due."""
        now_s = time.monotonic()
        if now_s < self._next_at_s:
            return
        sight = see(self._metrics_url)
        if sight is not None and self._former is not None:
            print(progress_line(self._former, sight), flush=True)
        # Until the exporter answers, look again soon: the first line should not be late.
        self._next_at_s = now_s + (self._every_s if sight else 0.5)
        self._former = sight


def see(metrics_url: str) -> Sight | None:
    """Read the exporter's metrics; None while it does not answer or knows no reading."""
    try:
        with urllib.request.urlopen(metrics_url, timeout=2) as response:
            values = fleet_values(line.decode() for line in response)
    except OSError:
        return None
    return Sight(time.monotonic(), values) if values.keys() >= {RECORDS, TIMESTAMP, PV, LOAD, NET} else None


def fleet_values(lines: Iterable[str]) -> dict[str, float]:
    """The values of the five metrics that make the line; of several series of one, the greatest."""
    ours = "".join(line for line in lines if line.startswith((RECORDS, TIMESTAMP, PV, LOAD, NET)))
    values: dict[str, float] = {}
    for family in text_string_to_metric_families(ours):
        for sample in family.samples:
            values[sample.name] = max(sample.value, values.get(sample.name, sample.value))
    return values


def progress_line(former: Sight, sight: Sight) -> str:
    """The line: readings per second since the former sight, the last instant, and the fleet's power [kW]."""
    rate = (sight.values[RECORDS] - former.values[RECORDS]) / (sight.seen_at_s - former.seen_at_s)
    instant = datetime.fromtimestamp(sight.values[TIMESTAMP], UTC)
    power = "   ".join(
        f"{word} {sight.values[name] / 1000:.2f} kW" for word, name in [("PV", PV), ("load", LOAD), ("net", NET)]
    )
    return f"{rate:>9,.0f} readings/s   {instant:%Y-%m-%dT%H:%M:%SZ}   {power}"
