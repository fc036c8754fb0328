"""Reading a segment back: every whole line, and never silently less."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim.recovery import recover
from pvsim_common.messages import PowerRecord, encode_records, format_timestamp
from pvsim_common.segments import JournalError

NOON = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds
Held = list[tuple[str, int]]
"""Sites and instants."""


def line(site: str = "home-1", instant: int = NOON) -> bytes:
    return encode_records([PowerRecord(format_timestamp(instant), site, 0.432, 1.2345, 1.6665, -0.8025)])


def recovered(path: Path) -> tuple[Held, int]:
    """What a segment holds, and where its whole lines end."""
    held: Held = []
    end = 0
    for part in recover(path):
        held += zip(part.records.sites, part.records.instants.tolist(), strict=True)
        end = part.end
    return held, end


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


BROKEN = {
    "half a line": line()[:60] + b"\n",
    "no JSON": b"hello\n",
    "a hole": b"\0" * 200 + b"\n",
    "no UTF-8": line().replace(b"home-1", b"home-\xff"),
    "no instant": line().replace(b"06-21", b"06-31"),
    "a field missing": b'{"timestamp":"2026-06-21T10:00:00Z"}\n',
    "a number for a site": line().replace(b'"home-1"', b"1"),
    "empty": b"\n",
    "two in a line": line()[:-1] + line(),
    "a record in two lines": line().replace(b',"meter"', b',\n"meter"'),
    "a power out of bounds": line().replace(b"1.2345", b"1234.5"),
    "a power below zero": line().replace(b"1.2345", b"-1.2345"),
    "nested beyond all depth": b'{"x":' + b"[" * 10_000 + b"\n",
}


def test_an_empty_segment_holds_nothing(path: Path) -> None:
    path.touch()

    assert recovered(path) == ([], 0)


def test_every_record_is_found_with_its_site_and_instant(path: Path) -> None:
    content = line("home-1") + line("home-2") + line("home-1", NOON + 500)
    path.write_bytes(content)

    assert recovered(path) == ([("home-1", NOON), ("home-2", NOON), ("home-1", NOON + 500)], len(content))


@pytest.mark.parametrize("torn", [line()[:1], line()[:60], line()[:-1], *BROKEN.values()], ids=repr)
def test_what_follows_the_last_whole_line_is_not_part_of_it(path: Path, torn: bytes) -> None:
    path.write_bytes(line() + torn)

    assert recovered(path) == ([("home-1", NOON)], len(line()))


def test_several_broken_lines_at_the_end_are_torn_together(path: Path) -> None:
    path.write_bytes(line() + BROKEN["a hole"] + BROKEN["half a line"] + line()[:-1])

    assert recovered(path) == ([("home-1", NOON)], len(line()))


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_that_a_whole_one_follows_is_an_error_that_names_file_and_offset(
    path: Path, broken: bytes
) -> None:
    content = line("home-1") + line("home-2") + broken + line("home-3")
    path.write_bytes(content)

    with pytest.raises(JournalError) as caught:
        recovered(path)

    assert str(path) in str(caught.value)
    assert f"offset {2 * len(line())} " in str(caught.value)
    assert path.read_bytes() == content


def test_a_segment_larger_than_what_is_read_at_once_is_recovered_as_a_whole(path: Path) -> None:
    count = 80_000  # of 136 bytes: more than 8 MiB
    path.write_bytes(line() * count + line()[:60])

    held, end = recovered(path)

    assert (len(held), set(held), end) == (count, {("home-1", NOON)}, count * len(line()))


def test_a_broken_line_far_inside_is_found_at_its_offset(path: Path) -> None:
    count = 70_000
    path.write_bytes(line() * count + BROKEN["a hole"] + line())

    with pytest.raises(JournalError, match=f"offset {count * len(line())} "):
        recovered(path)


records = st.tuples(st.sampled_from(["home-1", "home-22", "b"]), st.integers(0, 7_258_118_399_999))


@given(st.lists(records, max_size=12), st.data())
def test_any_truncation_of_a_segment_recovers_exactly_the_whole_lines(written: Held, data: st.DataObject) -> None:
    lines = [line(site, instant) for site, instant in written]
    content = b"".join(lines)
    size = data.draw(st.integers(0, len(content)))

    with TemporaryDirectory() as directory:
        path = Path(directory) / "results.jsonl"
        path.write_bytes(content[:size])
        held, end = recovered(path)

    whole = content[:size].count(b"\n")
    assert held == written[:whole]
    assert end == sum(map(len, lines[:whole]))


@given(st.lists(records, min_size=1, max_size=8), st.sampled_from(list(BROKEN.values())), st.data())
def test_a_broken_line_anywhere_in_the_middle_is_never_passed_over(
    written: Held, broken: bytes, data: st.DataObject
) -> None:
    lines = [line(site, instant) for site, instant in written]
    at = data.draw(st.integers(0, len(lines) - 1))

    with TemporaryDirectory() as directory:
        path = Path(directory) / "results.jsonl"
        path.write_bytes(b"".join([*lines[:at], broken, *lines[at:]]))
        with pytest.raises(JournalError, match=f"results.jsonl: the line at offset {sum(map(len, lines[:at]))} "):
            recovered(path)
