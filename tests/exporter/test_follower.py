"""Following journals across restarts, replacements and half-written lines."""

import logging
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from exporter.follower import Follower
from exporter.following import follow, unread

LINE = b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1","meter":1.0,"pv":0.0,"total_power":1.0,"net_power":1.0}\n'
SECOND = LINE.replace(b"10:00:00", b"10:00:01")
THIRD = LINE.replace(b"10:00:00", b"10:00:02")


class StopAfterWaits:
    """Asks to stop once it was waited so many times."""

    def __init__(self, waits: int) -> None:
        self.waits = waits
        self.waited_s: list[float] = []

    def is_set(self) -> bool:
        """Whether it was waited that often."""
        return len(self.waited_s) >= self.waits

    def wait(self, seconds: float) -> bool:
        """Note the wait instead of waiting."""
        self.waited_s.append(seconds)
        return self.is_set()


def append(directory: Path, content: bytes) -> None:
    with (directory / "results.jsonl").open("ab") as file:
        file.write(content)


def records_shown(follower: Follower) -> int | None:
    return follower.totals.snapshot(sites=0).records if follower.totals else None


def energy_shown_j(follower: Follower) -> float | None:
    return follower.totals.snapshot(sites=0).fleet_energies_j[0] if follower.totals else None


def test_totals_are_not_shown_before_all_that_was_there_is_read(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND)
    follower = Follower(tmp_path, chunk_bytes=len(LINE))

    shown = [records_shown(follower)]
    for _ in range(2):
        follower.advance()
        shown.append(records_shown(follower))

    assert shown == [None, None, 2]


def test_a_half_written_line_does_not_delay_the_first_totals(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND[:50])
    follower = Follower(tmp_path)

    follower.advance()
    follower.advance()

    assert (records_shown(follower), follower.caught_up) == (1, True)


def test_a_journal_that_is_not_there_yet_is_read_already(tmp_path: Path) -> None:
    follower = Follower(tmp_path / "journal")

    follower.advance()

    assert unread([follower]) is None


def test_why_it_is_not_ready_says_how_much_has_been_read(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND + THIRD)
    follower = Follower(tmp_path, chunk_bytes=len(LINE))

    reasons = [unread([follower])]
    for _ in range(3):
        follower.advance()
        reasons.append(unread([follower]))

    assert reasons == ["reading the journal, 0 %", "reading the journal, 33 %", "reading the journal, 66 %", None]


def test_one_journal_that_is_not_read_is_enough_not_to_be_ready(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND)
    followers = [Follower(tmp_path / "journal"), Follower(tmp_path, chunk_bytes=len(LINE))]

    for follower in followers:
        follower.advance()

    assert unread(followers) == "reading the journal, 50 %"


def test_a_restart_shows_the_same_energy(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND)
    before = Follower(tmp_path)
    before.advance()

    after = Follower(tmp_path)
    after.advance()

    assert (energy_shown_j(before), energy_shown_j(after)) == (1000.0, 1000.0)  # 1 kW x 1 s


def test_another_journal_is_followed_from_its_start_and_said_in_the_log(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND)
    follower = Follower(tmp_path)
    follower.advance()

    (tmp_path / "results.jsonl").rename(tmp_path / "old.jsonl")
    append(tmp_path, THIRD)
    with capture_logs() as events:
        follower.advance()
    follower.advance()

    assert [event["event"] for event in events] == ["journal_replaced"]
    assert (records_shown(follower), energy_shown_j(follower)) == (1, 0.0)


def test_what_was_read_stays_the_answer_until_a_changed_journal_is_read_anew(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND + b"broken\n")
    follower = Follower(tmp_path, chunk_bytes=len(LINE))
    for _ in range(3):
        follower.advance()

    os.truncate(tmp_path / "results.jsonl", 2 * len(LINE))  # as pvsim does when it starts
    append(tmp_path, THIRD)
    shown = []
    for _ in range(4):
        follower.advance()
        shown.append(energy_shown_j(follower))

    assert shown == [1000.0, 1000.0, 1000.0, 2000.0]


def test_following_goes_on_until_asked_to_stop_and_waits_while_there_is_nothing_new(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND)
    stopping = StopAfterWaits(2)

    chunks = list(follow([Follower(tmp_path, chunk_bytes=len(LINE))], stopping, poll_interval_s=0.5))

    assert [len(records.sites) for records in chunks] == [1, 1, 0, 0]
    assert stopping.waited_s == [0.5, 0.5]


def test_following_stops_in_the_middle_of_a_long_journal(tmp_path: Path) -> None:
    append(tmp_path, LINE + SECOND)

    chunks = list(follow([Follower(tmp_path, chunk_bytes=len(LINE))], StopAfterWaits(0), poll_interval_s=0.5))

    assert chunks == []


def test_several_journals_are_followed_in_turns(tmp_path: Path) -> None:
    followers = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        append(tmp_path / name, (LINE + SECOND).replace(b"home-1", name.encode()))
        followers.append(Follower(tmp_path / name, chunk_bytes=len(LINE)))

    chunks = list(follow(followers, StopAfterWaits(1), poll_interval_s=0.5))

    assert [records.sites for records in chunks] == [["a"], ["b"], ["a"], ["b"], [], []]


@pytest.fixture
def debugging() -> Iterator[None]:
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    yield
    logging.getLogger().setLevel(level)


@pytest.mark.usefixtures("debugging")
def test_at_debug_each_record_is_logged(tmp_path: Path) -> None:
    append(tmp_path, LINE.replace(b'"pv":0.0', b'"pv":0.4321'))

    with capture_logs() as events:
        list(follow([Follower(tmp_path)], StopAfterWaits(1), poll_interval_s=0.5))

    assert events == [
        {
            "event": "record_read",
            "log_level": "debug",
            "timestamp": "2026-06-21T10:00:00Z",
            "site": "home-1",
            "meter_w": 1000.0,
            "pv_w": 432.1,
        }
    ]


@given(
    lines=st.lists(st.sampled_from([LINE, SECOND, THIRD, b"broken\n"]), max_size=8),
    cuts=st.lists(st.integers(0, 8 * len(LINE)), max_size=8),
)
def test_however_the_journal_is_written_each_record_counts_once(lines: list[bytes], cuts: list[int]) -> None:
    content = b"".join(lines)
    edges = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]

    with TemporaryDirectory() as name:
        follower = Follower(Path(name))
        for start, end in pairwise(edges):
            append(Path(name), content[start:end])
            follower.advance()
        assert follower.totals is not None or not content
        follower.advance()
        assert follower.totals
        snapshot = follower.totals.snapshot(sites=0)

    assert snapshot.records == sum(line.startswith(b"{") for line in lines)
    assert snapshot.invalid == lines.count(b"broken\n")
