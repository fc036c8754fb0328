"""What the chain is given to do."""

from typing import NamedTuple

from meter.fleet import homes_of
from pvsim_common.messages import MeterReadings, encode_readings, format_timestamp, parse_timestamp

START = "2026-06-21T10:00:00+00:00"  # noon in Munich: every plant is at work
FIRST = parse_timestamp(START)  # [ms since 1970]


class Load(NamedTuple):
    """So many homes, each with a reading for every second of a run that begins at START."""

    homes: int
    instants: int
    per_message: int = 1000  # readings

    @property
    def sites(self) -> list[str]:
        """The homes' names."""
        return homes_of(0, shards=1, homes=self.homes)

    @property
    def readings(self) -> int:
        """All of them."""
        return self.homes * self.instants

    @property
    def settings(self) -> dict[str, object]:
        """The meter's."""
        return {
            "speed": 0,
            "homes": self.homes,
            "duration": self.instants,
            "start": START,
            "sites_per_message": self.per_message,
        }


def body(readings: int) -> bytes:
    """A message of so many readings, of usual powers."""
    sites = homes_of(0, shards=1, homes=readings)
    return encode_readings(MeterReadings(format_timestamp(FIRST), 1.0, sites, [300 + n % 500 for n in range(readings)]))
