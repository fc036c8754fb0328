"""The end of a journal tells how many readings it holds."""

from pathlib import Path

import numpy as np
import pytest
from tests.benchmark.expected import check, lines, real_model
from tests.benchmark.instruments import JournalEnd, readings_through, value
from tests.benchmark.load import FIRST, Load, body
from tests.simulated import lines_of_all

LOAD = Load(homes=3, instants=4)


@pytest.fixture(scope="module")
def journal() -> bytes:
    """The lines of a run, made once."""
    return b"".join(lines(LOAD, real_model(LOAD.sites)))


def test_lines_are_those_that_the_model_gives_of_all_homes(journal: bytes) -> None:
    instants = FIRST + 1000 * np.arange(4, dtype=np.int64)

    assert journal.splitlines() == lines_of_all(["home-1", "home-2", "home-3"], instants)


def test_a_line_tells_how_many_readings_came_up_to_it() -> None:
    line = b'{"timestamp":"2026-06-21T10:00:02Z","site":"home-2","meter":0.1'

    assert readings_through(line, first=FIRST, homes=3) == 8


def test_a_half_written_line_does_not_count(journal: bytes, tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_bytes(journal[:-1])

    assert JournalEnd(tmp_path, first=FIRST, homes=3).readings() == 11


def test_where_a_segment_was_just_closed_its_last_line_tells(journal: bytes, tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").touch()
    (tmp_path / "results-00000001.jsonl").write_bytes(journal)

    assert JournalEnd(tmp_path, first=FIRST, homes=3).readings() == 12


def test_before_there_is_a_journal_there_is_no_reading(tmp_path: Path) -> None:
    assert JournalEnd(tmp_path / "journal", first=FIRST, homes=3).readings() == 0


def test_a_journal_is_right_with_each_line_once_and_in_order(journal: bytes, tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_bytes(journal)

    assert check(tmp_path, LOAD).lines == 12


@pytest.mark.parametrize("fault", ["lost", "doubled", "wrong"])
def test_a_journal_with_a_faulty_line_is_refused(fault: str, journal: bytes, tmp_path: Path) -> None:
    first = journal.splitlines(keepends=True)[0]
    content = {"lost": journal[len(first) :], "doubled": journal + first, "wrong": journal.replace(b"0", b"1", 1)}
    (tmp_path / "results.jsonl").write_bytes(content[fault])

    with pytest.raises(RuntimeError, match="instead of"):
        check(tmp_path, LOAD)


def test_a_sample_of_metrics_is_found_by_its_whole_name() -> None:
    page = 'a_total 1.0\na_total_more 2.0\nb_total{outcome="x"} 3e+06\n'

    assert (value(page, "a_total"), value(page, 'b_total{outcome="x"}'), value(page, "c")) == (1, 3_000_000, 0)


def test_a_message_of_one_reading_has_about_a_hundred_bytes() -> None:
    assert 80 <= len(body(1)) <= 120
