"""What is wrong with lines is found: each measure of them is less than all where one line is not as it should be."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.model import line_measures
from tests.model.block import Block, Line, block_of
from tests.model.verdicts import outside

HOURS = [f"2026-06-21T0{hour}:00:00Z" for hour in range(8)]


def record(timestamp: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value, right or wrong
    good = {"meter": 0.432, "pv": 1.2345, "total_power": 1.6665, "net_power": -0.8025}
    return {"timestamp": timestamp, "site": "home-1"} | good | changes


def written(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_good_lines_pass(tmp_path: Path) -> None:
    path = written(tmp_path / "good", *map(record, HOURS))

    assert outside(line_measures.of_file(path)) == []


@pytest.mark.parametrize(
    ("changes", "statistic"),
    [
        ({"site": "Home 1"}, "1. share of lines that fit"),
        ({"pv": -0.1, "total_power": 0.332, "net_power": 0.532}, "1. share of lines that fit"),
        ({"total_power": 1.6666}, "2. share of lines whose total"),
        ({"net_power": 0.8025}, "2. share of lines whose total"),
        ({"meter": 0.4325, "total_power": 1.667, "net_power": -0.802}, "31. share of loads"),
    ],
)
def test_one_bad_line_of_eight_is_found(tmp_path: Path, changes: dict[str, Any], statistic: str) -> None:
    path = written(tmp_path / "bad", *map(record, HOURS[:-1]), record(HOURS[-1], **changes))

    found = outside(line_measures.of_file(path))

    assert [line[: len(statistic)] for line in found] == [statistic]


@pytest.mark.parametrize("hours", [[0, 1, 2, 4], [0, 1, 2, 2], [0, 1, 3, 2]], ids=["a gap", "a repetition", "a swap"])
def test_an_instant_out_of_line_is_found(tmp_path: Path, hours: list[int]) -> None:
    path = written(tmp_path / "bad", *(record(HOURS[hour]) for hour in hours))

    assert [text[:2] for text in outside(line_measures.of_file(path))] == ["1."]


def test_a_power_out_of_range_is_found() -> None:
    powers = np.array([[0.0, 9001.0]]), np.array([[0.0, 3000.1]])
    block = Block(["home-1"], np.array([0, 1000]), *powers)

    assert [text[:2] for text in outside(line_measures.of_ranges(block, rating=3000))] == ["4.", "4."]


def test_a_line_that_a_replay_writes_differently_is_found(tmp_path: Path) -> None:
    first = written(tmp_path / "first", *map(record, HOURS))
    again = written(tmp_path / "again", record(HOURS[2]), record(HOURS[3], meter=0.433))

    assert line_measures.of_replay(first, again)["replayed"] == 0.5


def test_runs_that_come_again_with_the_hour_are_found() -> None:
    hour = np.array([0.0, 0, 2000, 2000, 0, 0])
    other = np.array([0.0, 0, 0, 2000, 2000, 0])
    instants = 1000 * np.arange(12)

    again, anew = (
        line_measures.of_repeated_hours(Block(["home-1"], instants, load[np.newaxis], load[np.newaxis]))
        for load in (np.concatenate((hour, hour)), np.concatenate((hour, other)))
    )

    assert [again["repeated_runs"], anew["repeated_runs"]] == [1, 0]


def test_a_day_of_23_hours_is_counted_by_its_own_clock() -> None:
    instants = 1_774_652_400_000 + 600_000 * np.arange(3 * 144)  # from 2026-03-28T00:00 in Berlin
    block = Block(["home-1"], instants, np.zeros((1, 432)), np.zeros((1, 432)))

    assert line_measures.hours_of(block, "2026-03-29", "Europe/Berlin") == pytest.approx(23)


@pytest.mark.parametrize(
    "places",
    [
        [(0, "a"), (0, "b"), (1, "b"), (1, "a")],
        [(0, "a"), (0, "b"), (1, "a"), (2, "b")],
        [(0, "a"), (0, "b"), (1, "a")],
    ],
    ids=["another order", "another instant", "a line too few"],
)
def test_lines_that_are_no_rectangle_are_refused(places: list[tuple[int, str]]) -> None:
    with pytest.raises(ValueError, match=r"sites|instants"):
        block_of([Line(HOURS[hour], site, 0.4, 1.2) for hour, site in places])


def test_a_block_has_its_sites_in_rows_and_watts() -> None:
    lines = [Line(HOURS[hour], site, 0.4 + hour, 1.2345) for hour in (0, 1) for site in ("a", "b")]

    block = block_of(lines)

    assert (block.sites, block.load.tolist()) == (["a", "b"], [[400, 1400], [400, 1400]])
    assert np.ptp(block.instants) == 3_600_000
    assert block.pv[0, 0] == 1234.5
