"""docs/model.md says of the model what the code says, and shows pictures that are there."""

import re
from pathlib import Path

from scripts.report import table
from scripts.report.__main__ import PICTURES
from tests.model.thresholds import THRESHOLDS

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "model.md").read_text()
MAX_BYTES = 150_000


def lines_of(name: str) -> list[str]:
    """The lines between the markers of a table."""
    between = re.search(rf"<!-- begin {name}:.*?-->\n(.*?)\n<!-- end {name} -->", TEXT, re.DOTALL)
    assert between is not None
    return between[1].splitlines()


def cells(line: str) -> list[str]:
    return line.strip("| ").split(" | ")


def test_the_thresholds_in_the_document_are_those_of_the_tests() -> None:
    rows = [cells(line)[:3] for line in lines_of("quality")[2:]]

    assert rows == [[str(limits.number), limits.statistic, limits.range] for limits in THRESHOLDS.values()]


def test_the_document_shows_a_measured_value_for_each_threshold_and_none_that_misses_it() -> None:
    measured = [cells(line)[3] for line in lines_of("quality")[2:]]

    assert [text for text in measured if not re.fullmatch(r"[-\d.e+]+( to [-\d.e+]+)?", text)] == []


def test_the_appliances_in_the_document_are_those_of_the_meter() -> None:
    assert lines_of("appliances") == table.appliances(), "run `make report`"


def test_each_picture_of_the_report_is_there_small_and_shown() -> None:
    there = {path.stem: path.stat().st_size for path in (DOCS / "pictures").glob("model-*.svg")}

    assert there.keys() == PICTURES.keys()
    assert {name: size for name, size in there.items() if size > MAX_BYTES} == {}
    assert set(re.findall(r"!\[[^\]]+\]\(pictures/(model-[\w-]+)\.svg\)", TEXT)) == PICTURES.keys()
