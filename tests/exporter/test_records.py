"""Parsing journal lines into columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.records import parse
from pvsim_common.messages import PowerRecord, encode_records

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


@given(st.lists(st.sampled_from([LINE, LINE.replace(b"10:00:00", b"10:00:01.5"), *BROKEN.values()]), max_size=12))
def test_lines_parsed_together_say_what_they_say_one_by_one(lines: list[bytes]) -> None:
    single = [parse(line + b"\n") for line in b"".join(lines).split(b"\n")[:-1]]

    together = parse(b"".join(lines))

    assert together.sites == [site for records in single for site in records.sites]
    assert together.instants.tolist() == [int(instant) for records in single for instant in records.instants]
    assert together.invalid == sum(records.invalid for records in single)
