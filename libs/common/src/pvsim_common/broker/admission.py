"""Which messages a partition's consumer takes: those it understands, of sites that are its own."""

from pvsim_common.broker.queues import partition_of
from pvsim_common.messages import InvalidMessageError, MeterReadings, decode_readings


class Admission:
    """Decodes messages and refuses those it must not take; remembers the sites it has seen."""

    def __init__(self, *, partition: int, partitions: int, max_sites: int) -> None:
        self._partition = partition
        self._partitions = partitions
        self._max_sites = max_sites
        self._known: set[str] = set()

    def admit(self, body: bytes) -> tuple[int, MeterReadings]:
        """The instant [ms since 1970] and readings of a message. Raises InvalidMessageError with the reason."""
        readings, instant = decode_readings(body)
        if not self._known.issuperset(readings.sites):
            self._learn(set(readings.sites) - self._known)
        return instant, readings

    def _learn(self, sites: set[str]) -> None:
        strangers = [site for site in sites if partition_of(site, self._partitions) != self._partition]
        if strangers:
            stranger, of = min(strangers), self._partitions
            its_own = partition_of(stranger, of)
            raise InvalidMessageError(
                f"`sites`: {stranger!r} belongs to partition {its_own} of {of}, here is {self._partition}"
            )
        if len(self._known) + len(sites) > self._max_sites:
            raise InvalidMessageError(f"`sites`: {min(sites)!r} is beyond max_sites, {self._max_sites}")
        self._known |= sites
