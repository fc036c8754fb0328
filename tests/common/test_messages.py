"""The messages: what is understood, what is refused and why, and what a journal line looks like."""

import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim_common.messages import (
    MAX_BODY_BYTES,
    MAX_SITES,
    InvalidMessageError,
    MeterReadings,
    PowerRecord,
    decode_readings,
    encode_readings,
    encode_records,
    format_timestamp,
    parse_timestamp,
)

# The message of docs/architecture.md, section 2.
BODY = b'{"timestamp":"2026-06-21T10:00:00Z","interval_s":1.0,"sites":["home-1","home-2"],"power_w":[432,1187]}'
INSTANT = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
END_OF_TIME = 7_258_118_400_000  # date -d 2200-01-01T00:00:00Z +%s, in milliseconds

BAD = {
    "no JSON": (b"432", b"43 2", "malformed"),
    "cut off": (b"]}", b"", "truncated"),
    "something after it": (b"]}", b"]}]", "trailing characters"),
    "no UTF-8": (b"home-2", b"home-\xff", "utf-8"),
    "a field missing": (b',"power_w":[432,1187]', b"", "`power_w`"),
    "a field too many": (b'"interval_s"', b'"colour":1,"interval_s"', "`colour`"),
    "a negative power": (b"432", b"-432", "`$.power_w[0]`, got -432"),
    "a power of more than a megawatt": (b"1187", b"1000001", "`$.power_w[1]`, got 1000001"),
    "a fraction of a watt": (b"432", b"432.5", "`$.power_w[0]`, got 432.5"),
    "a power beyond all numbers": (b"432", b"1e999", "`$.power_w[0]`"),
    "a text for a power": (b"432", b'"432"', "`$.power_w[0]`, got '432'"),
    "a power too few": (b",1187", b"", "`sites` has 2 entries but `power_w` has 1"),
    "a site twice": (b'"home-2"],"power_w":[', b'"home-2","home-2"],"power_w":[1,', "`sites` names 'home-2' twice"),
    "a site in capitals": (b"home-2", b"HOME-2", "`$.sites[1]`, got 'HOME-2'"),
    "a site without a name": (b"home-2", b"", "`$.sites[1]`, got ''"),
    "a site of 64 characters": (b"home-2", b"a" * 64, "`$.sites[1]`, got 'aaa"),
    "a site that ends in a newline": (b"home-2", b"home-2\\n", "`$.sites[1]`, got 'home-2\\n'"),
    "a site that is a number": (b'"home-2"', b"2", "`$.sites[1]`, got 2"),
    "no sites": (b'["home-1","home-2"]', b"[]", "`$.sites`, got []"),
    "an interval of nothing": (b"1.0", b"0", "`$.interval_s`, got 0"),
    "an interval above an hour": (b"1.0", b"3600.001", "`$.interval_s`, got 3600.001"),
    "an interval in parts of a millisecond": (b"1.0", b"1.0005", "`interval_s` must be whole milliseconds, not 1.0005"),
    "an interval of null": (b"1.0", b"null", "`$.interval_s`, got None"),
    "a timestamp that is a number": (b'"2026-06-21T10:00:00Z"', b"1782036000", "`$.timestamp`, got 1782036000"),
    "a timestamp without an offset": (b"00Z", b"00", "`timestamp`: not an RFC 3339 instant"),
    "a timestamp finer than a millisecond": (b"00Z", b"00.0001Z", "'2026-06-21T10:00:00.0001Z'"),
    "a day that is none": (b"06-21", b"02-30", "`timestamp`: not an instant: '2026-02-30T10:00:00Z'"),
    "a timestamp before 1970": (b"2026", b"1969", "not between 1970 and 2200: '1969-06-21T10:00:00Z'"),
    "a timestamp after 2199": (b"2026", b"2200", "not between 1970 and 2200: '2200-06-21T10:00:00Z'"),
    "a list instead of an object": (BODY, b"[1]", "Expected `object`, got `array`"),
    "nothing at all": (BODY, b"", "truncated"),
    "nested beyond all depth": (b"1.0", b"[" * 100_000, "`$.interval_s`"),
    "wrong and nested beyond all depth": (b"1.0", b'0,"x":' + b"[" * 100_000, "`$.interval_s`"),
    "wrong and no UTF-8": (b"1.0", b'0,"x":"\xff"', "`$.interval_s`"),
}


def refusal(body: bytes) -> str | None:
    """Why a message is refused, None if it is understood."""
    try:
        decode_readings(body)
    except InvalidMessageError as error:
        return str(error)
    return None


@pytest.mark.parametrize(("part", "instead", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_message_is_refused_with_a_reason_that_names_field_and_value(
    part: bytes, instead: bytes, reason: str
) -> None:
    body = BODY.replace(part, instead)

    with pytest.raises(InvalidMessageError) as caught:
        decode_readings(body)

    assert reason in str(caught.value)


def test_a_reason_stays_short_however_long_the_value_is() -> None:
    body = BODY.replace(b"2026-06-21T10:00:00Z", b"x" * 100_000)

    with pytest.raises(InvalidMessageError) as caught:
        decode_readings(body)

    assert len(str(caught.value)) < 200


def test_a_body_that_is_too_long_is_not_even_looked_at() -> None:
    with pytest.raises(InvalidMessageError, match=f"the body has {MAX_BODY_BYTES + 1} bytes"):
        decode_readings(b" " * (MAX_BODY_BYTES + 1))


def test_a_message_of_the_most_sites_is_understood_and_one_more_is_not() -> None:
    sites = [f"home-{n}" for n in range(MAX_SITES + 1)]
    most = MeterReadings("2026-06-21T10:00:00Z", 1.0, sites[1:], [1] * MAX_SITES)
    more = MeterReadings("2026-06-21T10:00:00Z", 1.0, sites, [1] * (MAX_SITES + 1))

    assert decode_readings(encode_readings(most))[0] == most
    with pytest.raises(InvalidMessageError, match=r"length <= 10000 - at `\$\.sites`"):
        decode_readings(encode_readings(more))


def test_a_message_is_written_as_the_documentation_says() -> None:
    readings = MeterReadings("2026-06-21T10:00:00Z", 1.0, ["home-1", "home-2"], [432, 1187])

    assert encode_readings(readings) == BODY


def test_a_message_is_read_with_its_instant() -> None:
    readings, instant = decode_readings(BODY)

    assert readings == MeterReadings("2026-06-21T10:00:00Z", 1.0, ["home-1", "home-2"], [432, 1187])
    assert instant == INSTANT


@pytest.mark.parametrize(
    "interval", [b"1", b"1.0", b"1e0", b"0.01", b"3600", b"0.333", b"1.001"], ids=lambda interval: interval.decode()
)
def test_an_interval_of_whole_milliseconds_is_understood_however_it_is_written(interval: bytes) -> None:
    readings, _ = decode_readings(BODY.replace(b"1.0", interval))

    assert readings.interval_ms == round(float(interval) * 1000)


@pytest.mark.parametrize("site", ["a", "0", "-", "home-10", "plant.7_b", "a" * 63])
def test_a_site_is_1_to_63_of_a_few_characters(site: str) -> None:
    readings, _ = decode_readings(BODY.replace(b"home-2", site.encode()))

    assert readings.sites[1] == site


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-21T10:00:00Z",
        "2026-06-21t10:00:00z",
        "2026-06-21T12:00:00+02:00",
        "2026-06-21T10:00:00-00:00",
        "2026-06-21T04:15:00-05:45",
        "2026-06-21T10:00:00.0Z",
        "2026-06-21T10:00:00.000000000Z",
    ],
)
def test_the_same_instant_may_be_written_with_any_offset(text: str) -> None:
    assert parse_timestamp(text) == INSTANT


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-21 10:00:00Z",
        "2026-06-21T10:00Z",
        "2026-06-21T24:00:00Z",
        "2026-06-21T10:60:00Z",
        "2026-06-21T10:00:60Z",
        "2026-06-21T10:00:00+24:00",
        "2026-06-21T10:00:00+0200",
        "2026-06-21T10:00:00Z\n",
        " 2026-06-21T10:00:00Z",
        "2026-06-21T10:00:00,5Z",
        "20260621T100000Z",
        "٢٠٢٦-06-21T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "",
    ],
)
def test_anything_else_is_not_an_instant(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_timestamp(text)


def test_milliseconds_are_written_only_where_there_are_any() -> None:
    texts = [format_timestamp(instant) for instant in (INSTANT, INSTANT + 1, INSTANT + 10, 0)]

    assert texts == [
        "2026-06-21T10:00:00Z",
        "2026-06-21T10:00:00.001Z",
        "2026-06-21T10:00:00.010Z",
        "1970-01-01T00:00:00Z",
    ]


def test_journal_lines_are_written_as_the_documentation_says() -> None:
    records = [
        PowerRecord("2026-06-21T10:00:00Z", "home-1", 0.432, 1.2345, 1.6665, -0.8025),
        PowerRecord("2026-06-21T22:00:00Z", "home-2", 1.187, 0.0, 1.187, 1.187),
    ]

    assert encode_records(records) == (
        b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1",'
        b'"meter":0.432,"pv":1.2345,"total_power":1.6665,"net_power":-0.8025}\n'
        b'{"timestamp":"2026-06-21T22:00:00Z","site":"home-2",'
        b'"meter":1.187,"pv":0.0,"total_power":1.187,"net_power":1.187}\n'
    )


def test_no_records_are_no_bytes() -> None:
    assert encode_records([]) == b""


instants = st.integers(0, END_OF_TIME - 1)
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-", min_size=1, max_size=63)


@st.composite
def readings(draw: st.DrawFn) -> MeterReadings:
    sites = draw(st.lists(names, min_size=1, max_size=20, unique=True))
    power_w = draw(st.lists(st.integers(0, 1_000_000), min_size=len(sites), max_size=len(sites)))
    interval_s = draw(st.integers(10, 3_600_000)) / 1000
    return MeterReadings(format_timestamp(draw(instants)), interval_s, sites, power_w)


@given(readings())
def test_any_valid_readings_come_back_as_they_were(readings: MeterReadings) -> None:
    body = encode_readings(readings)

    again, instant = decode_readings(body)

    assert again == readings
    assert format_timestamp(instant) == readings.timestamp
    assert math.isclose(again.interval_ms / 1000, readings.interval_s)


@given(readings(), st.data())
def test_a_message_damaged_anywhere_is_understood_or_refused_and_nothing_else(
    readings: MeterReadings, data: st.DataObject
) -> None:
    body = encode_readings(readings)
    begin = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(begin, min(begin + 8, len(body))))
    damage = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from([b"\\ud800", b"1e999", b"9" * 40, b"null"])))

    assert refusal(body[:begin] + damage + body[end:]) != ""


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=6,
)


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused_and_nothing_else(body: bytes) -> None:
    with pytest.raises(InvalidMessageError):  # so short and by chance: never a message
        decode_readings(body)


@given(st.sampled_from(["timestamp", "interval_s", "sites", "power_w", "colour"]), json_values)
def test_a_field_of_any_other_value_is_understood_or_refused_with_its_name(field: str, value: object) -> None:
    body = json.dumps({**json.loads(BODY), field: value}).encode()

    reason = refusal(body)

    assert reason is None or field in reason  # None: the value may be a good one


@given(instants)
def test_any_instant_comes_back_from_its_text(instant: int) -> None:
    assert parse_timestamp(format_timestamp(instant)) == instant


@given(instants, st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_any_instant_is_the_same_in_any_offset(instant: int, offset_min: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant, minutes=offset_min)
    sign, minutes = "-" if offset_min < 0 else "+", abs(offset_min)
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}{sign}{minutes // 60:02}:{minutes % 60:02}"

    assert parse_timestamp(text) == instant


@pytest.mark.parametrize(
    "body",
    [
        b'{"' + b"x" * 100_000 + b'":1}',
        b'{"timestamp":"9999-06-21T10:00:00.' + b"0" * 100_000 + b'Z","interval_s":1,"sites":["home-1"],"power_w":[1]}',
    ],
    ids=["field", "timestamp"],
)
def test_a_reason_is_short_whatever_a_stranger_wrote(body: bytes) -> None:
    with pytest.raises(InvalidMessageError) as refused:
        decode_readings(body)

    assert len(str(refused.value)) <= 1000
