"""Parsing journal lines into columns."""

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exporter.records import parse
from exporter.sites import Sites
from pvsim_common.messages import PowerRecord, encode_records, parse_timestamp

# The line of docs/architecture.md, section 2.
LINE = (
    b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1",'
    b'"meter":0.432,"pv":1.2345,"total_power":1.6665,"net_power":-0.8025}\n'
)
INSTANT = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
BROKEN = {
    "no JSON": b"home-1 0.432\n",
    "half a line": LINE[:60] + b"\n",
    "a hole": b"\0" * 200 + b"\n",
    "an empty line": b"\n",
    "two records in one line": LINE[:-1] + LINE,
    "one record in two lines": LINE.replace(b',"site"', b',\n"site"'),
    "a missing field": LINE.replace(b'"pv":1.2345,', b""),
    "a text for a number": LINE.replace(b"0.432", b'"0.432"'),
    "a negative load": LINE.replace(b"0.432", b"-0.432"),
    "a power of more than a megawatt": LINE.replace(b"0.432", b"1000.001"),
    "a power beyond all numbers": LINE.replace(b"1.2345", b"1e999"),
    "a power that fits no integer": LINE.replace(b"1.2345", b"1e300"),
    "no site name": LINE.replace(b"home-1", b"home 1"),
    "no UTF-8": LINE.replace(b"home-1", b"home-\xff"),
    "no instant": LINE.replace(b"06-21", b"06-31"),
    "deeply nested": b'{"x":' + b"[" * 10_000 + b"\n",
}
STRANGE = {  # not as pvsim writes it; some are records nevertheless
    "another site": LINE.replace(b"home-1", b"x.y_z"),
    "an escaped name": LINE.replace(b"home-1", b"home\\u002d1"),
    "an escape in a name": LINE.replace(b"home-1", b"home\\n1"),
    "a name beyond ASCII": LINE.replace(b"home-1", "höme".encode()),
    "an empty name": LINE.replace(b"home-1", b""),
    "a name that is too long": LINE.replace(b"home-1", b"x" * 64),
    "a field twice": LINE.replace(b'"pv"', b'"pv":0.1,"pv"'),
    "a whole number": LINE.replace(b"0.432", b"1"),
    "an exponent": LINE.replace(b"0.432", b"4.32e-1"),
    "a large exponent": LINE.replace(b"0.432", b"1e5"),
    "a negative nothing": LINE.replace(b"0.432", b"-0.0"),
    "not a number": LINE.replace(b"0.432", b"NaN"),
    "null": LINE.replace(b"0.432", b"null"),
    "a negative plant": LINE.replace(b"1.2345", b"-1.2345"),
    "a text for a sum": LINE.replace(b"1.6665", b'"1.6665"'),
    "a sum that is wrong": LINE.replace(b"1.6665", b"9"),
    "no difference": LINE.replace(b',"net_power":-0.8025', b""),
    "another time zone": LINE.replace(b"00Z", b"00+02:00"),
    "milliseconds": LINE.replace(b"00Z", b"00.250Z"),
    "microseconds": LINE.replace(b"00Z", b"00.250001Z"),
    "spaces": LINE.replace(b",", b" , "),
    "a space at the end": LINE.replace(b"}", b"} "),
    "two kinds of line end": LINE.replace(b"\n", b"\r\n"),
    "a brace before a line end": LINE.replace(b'"site"', b'"x":{}\n,"site"'),
    "a brace after a line end": LINE.replace(b'"site"', b'"x":\n{},"site"'),
    "braces around a line end": LINE.replace(b'"site"', b'"x":[{}\n{}],"site"'),
    "braces in a text": LINE.replace(b'"site"', b'"x":"}\n{","site"'),
    "a list": b"[" + LINE[:-1] + b"]\n",
    "no line end": LINE[:-1],
}
PIECES = [LINE, *BROKEN.values(), *STRANGE.values()]


def one_by_one(lines: bytes) -> tuple[list[tuple[str, int, int, int]], int]:
    """The records of lines and how many are none, as the definition says: a line is a record or it is not."""
    records, invalid = [], 0
    for line in lines.removesuffix(b"\n").split(b"\n") if lines else ():
        try:
            record = msgspec.json.decode(line, type=PowerRecord)
            instant = parse_timestamp(record.timestamp)
            if not (0 <= record.meter <= 1000 and 0 <= record.pv <= 1000):
                raise ValueError("beyond a megawatt")
        except (ValueError, RecursionError):
            invalid += 1
        else:
            records.append((record.site, instant, round(record.meter * 10_000), round(record.pv * 10_000)))
    return records, invalid


def test_a_line_becomes_instant_and_tenths_of_a_watt() -> None:
    records = parse(LINE)

    assert records.sites == ["home-1"]
    assert records.instants.tolist() == [INSTANT]
    assert records.meter.tolist() == [4320]
    assert records.pv.tolist() == [12345]
    assert records.invalid == 0


def test_nothing_is_no_record() -> None:
    records = parse(b"")

    assert (records.sites, records.instants.tolist(), records.invalid) == ([], [], 0)


def test_the_last_timestamp_is_that_of_the_last_record_if_any() -> None:
    lines = LINE + LINE.replace(b"10:00:00", b"10:00:01")

    assert (parse(lines).last_timestamp, parse(b"").last_timestamp) == ("2026-06-21T10:00:01Z", None)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_is_counted_and_its_neighbours_are_kept(broken: bytes) -> None:
    records = parse(LINE + broken + LINE.replace(b"home-1", b"home-2"))

    assert records.sites == ["home-1", "home-2"]
    assert records.pv.tolist() == [12345, 12345]
    assert records.invalid == broken.count(b"\n")


def test_lines_that_make_up_for_each_other_are_broken_all_the_same() -> None:
    records = parse(BROKEN["two records in one line"] + BROKEN["an empty line"])

    assert (records.sites, records.invalid) == ([], 2)


def test_a_piece_without_a_newline_is_one_broken_line() -> None:
    assert parse(b"\0" * 1000).invalid == 1


def test_a_field_of_a_later_version_is_no_fault() -> None:
    records = parse(LINE.replace(b'"meter"', b'"price":0.3,"meter"'))

    assert (records.sites, records.invalid) == (["home-1"], 0)


@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 10_000_000)), min_size=1, max_size=50))
def test_every_power_pvsim_writes_is_read_back_exactly(powers: list[tuple[int, int]]) -> None:
    lines = encode_records(
        PowerRecord(
            "2026-06-21T10:00:00Z", "a", meter / 1e3, pv / 1e4, (10 * meter + pv) / 1e4, (10 * meter - pv) / 1e4
        )
        for meter, pv in powers
    )

    records = parse(lines)

    assert records.meter.tolist() == [10 * meter for meter, _ in powers]
    assert records.pv.tolist() == [pv for _, pv in powers]


@given(
    pieces=st.lists(st.one_of(st.just(LINE), st.sampled_from(PIECES)), max_size=6),
    cut=st.none() | st.tuples(st.integers(0, 400), st.integers(0, 30), st.sampled_from([b"", *b'{}[],:"\\\n -.0e'])),
    known=st.lists(st.sampled_from(["home-1", "x.y_z", "home-2"]), unique=True),
)
@settings(max_examples=300)
@example([LINE.replace(b'"site"', b'"x":{}\n,"site"'), LINE[:-1], LINE], None, [])
@example([LINE.replace(b'"site"', b'"x":\n{},"site"'), LINE[:-1], LINE], None, [])
@example([LINE.replace(b'"site"', b'"x":{}\n,"site"').removesuffix(b"\n")], None, [])
@example([b"\n", LINE[:-1], LINE], None, ["home-1"])
def test_lines_parsed_together_say_what_they_say_one_by_one(
    pieces: list[bytes], cut: tuple[int, int, int | bytes] | None, known: list[str]
) -> None:
    lines = b"".join(pieces)
    if cut:
        at, length, other = cut
        lines = lines[:at] + (other if isinstance(other, bytes) else bytes([other])) + lines[at + length :]

    together = parse(lines, Sites(known))

    columns = (together.sites, *(column.tolist() for column in together[1:4]))
    assert (list(zip(*columns, strict=True)), together.invalid) == one_by_one(lines)


@pytest.mark.parametrize("piece", PIECES, ids=[*["a line"], *BROKEN, *STRANGE])
def test_a_strange_line_says_the_same_between_others_as_alone(piece: bytes) -> None:
    lines = LINE + piece + LINE.replace(b"home-1", b"home-2")

    together = parse(lines, Sites(["home-1"]))

    columns = (together.sites, *(column.tolist() for column in together[1:4]))
    assert (list(zip(*columns, strict=True)), together.invalid) == one_by_one(lines)
