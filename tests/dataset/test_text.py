"""Lines made from columns are those that the services write record by record."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dataset.text import decimals, lines, timestamps
from pvsim_common.messages import PowerRecord, encode_records, format_timestamp

TENTHS = st.integers(-1_300_000, 1_300_000)  # of all plants and homes there can be


def kilowatts(values: list[int]) -> list[str]:
    return [(whole + rest).decode() for whole, rest in zip(*decimals(np.array(values), 4), strict=True)]


def test_a_power_is_the_shortest_text_that_means_the_same_number() -> None:
    assert kilowatts([0, 1, -1, 10_000, 12_340, -8025, 99_999]) == [
        "0.0",
        "0.0001",
        "-0.0001",
        "1.0",
        "1.234",
        "-0.8025",
        "9.9999",
    ]


@given(st.lists(TENTHS, min_size=1, max_size=50))
def test_a_power_is_written_as_the_journal_writes_it(values: list[int]) -> None:
    records = [PowerRecord("", "a", value / 10_000, 0.0, 0.0, 0.0) for value in values]

    expected = [line.split(b'"meter":')[1].split(b",")[0].decode() for line in encode_records(records).splitlines()]

    assert kilowatts(values) == expected


@given(
    st.integers(0, 7_258_118_399_000),
    st.sampled_from([10, 300, 1000, 1500, 60_000, 3_600_000]),
    st.integers(1, 20),
)
def test_an_instant_is_written_as_the_services_write_it(first: int, interval: int, count: int) -> None:
    instants = range(first, first + count * interval, interval)

    assert [text.decode() for text in timestamps(instants)] == [format_timestamp(instant) for instant in instants]


@given(st.integers(0, 20_000))
def test_lines_are_their_columns_side_by_side_whatever_their_number(count: int) -> None:
    numbers = np.array([str(n) for n in range(count)] or [""], dtype=np.bytes_)[:count]

    assert lines(count, b"<", numbers, b">\n") == "".join(f"<{n}>\n" for n in range(count)).encode()
