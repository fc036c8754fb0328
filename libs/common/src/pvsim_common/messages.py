"""The two messages that cross a process: meter readings on the wire, power records in the journal."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

MESSAGE_TYPE = "meter-readings.v1"
MAX_SITES = 10_000  # in one message
MAX_POWER_W = 1_000_000
MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_REASON = 1000  # characters of why a message is refused: it may quote what a stranger wrote
END_OF_TIME = 7_258_118_400_000  # 2200-01-01T00:00:00Z: instants are before it [ms since 1970]
SITE_PATTERN = r"^[a-z0-9._-]{1,63}(?!\n)$"  # the look-ahead: Python's $ would let a last newline pass
TIMESTAMP_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3}0*)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])(?!\n)$"
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TIMESTAMP = re.compile(TIMESTAMP_PATTERN)

Site = Annotated[str, Meta(pattern=SITE_PATTERN, description="Name of a home.")]
Timestamp = Annotated[
    str,
    Meta(
        description="Instant as RFC 3339 with any offset, no finer than 1 ms, 1970 to 2199.",
        extra_json_schema={"pattern": TIMESTAMP_PATTERN, "format": "date-time"},  # parse_timestamp says it better
    ),
]
Power = Annotated[int, Meta(ge=0, le=MAX_POWER_W, description="Power in watts.")]
IntervalS = Annotated[
    float, Meta(ge=0.01, le=3600, description="Time between two readings of a site in seconds, whole milliseconds.")
]


class InvalidMessageError(ValueError):
    """A message cannot be understood; the text names the field and its value."""


class MeterReadings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the meters of one or many sites measured at one instant: one message on the wire."""

    timestamp: Timestamp
    interval_s: IntervalS
    sites: Annotated[
        list[Site],
        Meta(
            min_length=1,
            max_length=MAX_SITES,
            description="The sites, none of them twice.",
            extra_json_schema={"uniqueItems": True},  # __post_init__ says it better
        ),
    ]
    power_w: Annotated[
        list[Power],
        Meta(min_length=1, max_length=MAX_SITES, description="Power drawn by each site [W], in their order."),
    ]

    def __post_init__(self) -> None:
        """Check what spans fields. Raises ValueError, which a decoder turns into its own error."""
        if len(self.sites) != len(self.power_w):
            raise ValueError(f"`sites` has {len(self.sites)} entries but `power_w` has {len(self.power_w)}")
        if len(self.sites) > 1 and len(set(self.sites)) != len(self.sites):
            twice = next(site for site, times in Counter(self.sites).items() if times > 1)
            raise ValueError(f"`sites` names {twice!r} twice")
        if abs(self.interval_s * 1000 - self.interval_ms) > 1e-6:
            raise ValueError(f"`interval_s` must be whole milliseconds, not {self.interval_s!r}")

    @property
    def interval_ms(self) -> int:
        """Time between two readings of a site [ms]."""
        return round(self.interval_s * 1000)


class PowerRecord(msgspec.Struct, frozen=True, gc=False):
    """One reading with the PV power of its site at that instant: one line of the journal, in kilowatts."""

    timestamp: Annotated[str, Meta(description="Instant, UTC, RFC 3339.")]
    site: Site
    meter: Annotated[float, Meta(description="Power the home draws [kW], a whole number of watts.")]
    pv: Annotated[
        float, Meta(ge=0, description="Power its PV plant delivers [kW], a whole number of tenths of a watt.")
    ]
    total_power: Annotated[float, Meta(description="meter + pv [kW].")]
    net_power: Annotated[float, Meta(description="meter - pv [kW]; positive: drawn from the grid.")]


class Admitted(NamedTuple):
    """The readings of a message that was understood."""

    instant: int  # [ms since 1970]
    interval_ms: int  # to the next reading of a site
    sites: list[str]  # the very same list where a message names the same sites as one before
    power_w: list[int]


class EncodedReadings(NamedTuple):
    """Readings as a message is published."""

    body: bytes
    message_id: str
    readings: int


class RawReadings(msgspec.Struct, forbid_unknown_fields=True):
    """MeterReadings whose sites stay encoded, and of which timestamp and sites are not checked."""

    timestamp: str
    interval_s: IntervalS
    sites: msgspec.Raw
    power_w: Annotated[list[Power], Meta(min_length=1)]


class Roster:
    """Sites that travel in one message again and again: their names are encoded once."""

    def __init__(self, sites: list[str]) -> None:
        self.sites = sites
        self._encoded = msgspec.Raw(_encoder.encode(sites))

    def encode(self, timestamp: str, interval_s: float, power_w: list[int]) -> EncodedReadings:
        """The message that holds a power [W] of each site, in their order."""
        body = _encoder.encode(RawReadings(timestamp, interval_s, self._encoded, power_w))
        return EncodedReadings(body, f"{self.sites[0]}/{timestamp}", len(power_w))


_decoder = msgspec.json.Decoder(MeterReadings)
_encoder = msgspec.json.Encoder()


def encode_readings(readings: MeterReadings) -> bytes:
    """The body of the message that holds these readings."""
    return _encoder.encode(readings)


def decode_readings(body: bytes) -> tuple[MeterReadings, int]:
    """The readings of a message and their instant [ms since 1970]. Raises InvalidMessageError."""
    if len(body) > MAX_BODY_BYTES:
        raise InvalidMessageError(f"the body has {len(body)} bytes, more than {MAX_BODY_BYTES}")
    try:
        readings = _decoder.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidMessageError(_with_value(str(error), body)[:MAX_REASON]) from error
    try:
        return readings, parse_timestamp(readings.timestamp)
    except ValueError as error:
        raise InvalidMessageError(f"`timestamp`: {error}"[:MAX_REASON]) from error


def encode_records(records: Iterable[PowerRecord]) -> bytes:
    """The journal's lines for these records, each ended by a newline."""
    return _encoder.encode_lines(records)


def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 of an RFC 3339 text. Raises ValueError naming the text."""
    if not _TIMESTAMP.match(text):
        raise ValueError(f"not an RFC 3339 instant with an offset, no finer than 1 ms: {text[:80]!r}")
    try:
        instant = (datetime.fromisoformat(text.upper()) - _EPOCH) // _MILLISECOND
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not an instant: {text!r} ({error})") from error
    if not 0 <= instant < END_OF_TIME:
        raise ValueError(f"not between 1970 and 2200: {text!r}")
    return instant


def format_timestamp(instant: int) -> str:
    """RFC 3339 in UTC of milliseconds since 1970, with milliseconds only where there are any."""
    moment = _EPOCH + timedelta(milliseconds=instant)
    text = moment.isoformat(timespec="milliseconds" if instant % 1000 else "seconds")
    return text.removesuffix("+00:00") + "Z"


def _with_value(message: str, body: bytes) -> str:
    """Add to a decoder's message the value it complains of, found by the path in the message."""
    found = re.search(r"`\$([^`]*)`$", message)
    if not found:
        return message
    try:
        value: Any = msgspec.json.decode(body)
        for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", found[1]):
            value = value[name] if name else value[int(index)]
        return f"{message}, got {repr(value)[:80]}"
    except (msgspec.DecodeError, ValueError, RecursionError, LookupError, TypeError):  # broken beyond that value
        return message
