"""Tables tell what was measured, and a dash where nothing was."""

from tests.benchmark import tables
from tests.benchmark.results import Chain
from tests.benchmark.test_gates import chain, run

MARKED = "before\n<!-- begin legs: written by make bench ARGS=--write -->\nold\n<!-- end legs -->\nafter\n"


def cells(leg: str, measured: Chain) -> list[str]:
    """What stands in a leg's row."""
    row = next(line for line in tables.legs(measured) if line.startswith(f"| {leg} "))
    return [cell.strip() for cell in row.split("|")[1:-1]]


def test_columns_are_as_wide_as_their_longest_cell() -> None:
    assert tables.table(("a", "longer"), [("text", "1")]) == [
        "| a    | longer |",
        "| ---- | ------ |",
        "| text | 1      |",
    ]


def test_in_documents_cells_have_no_padding() -> None:
    padded = ["| a    | – |", "| ---- | --- |", "|      | 1–2 |"]

    assert tables.compact(padded) == ["| a | – |", "| --- | --- |", "| | 1–2 |"]


def test_a_leg_has_medians_and_the_range_of_its_rate() -> None:
    measured = chain()
    measured.runs += [run("A2", 500), run("A2", 800)]

    assert cells("A2", measured)[1:5] == ["600", "500–800", "166.67", "0.030"]


def test_what_was_not_measured_is_a_dash() -> None:
    measured = chain()
    measured.runs[0].handled.clear()

    assert cells("A1", measured)[4:8] == ["–", "–", "–", "–"]


def test_what_stands_between_the_marks_is_replaced() -> None:
    assert tables.replaced(MARKED, "legs", ["new"]) == MARKED.replace("old", "new")
    assert tables.replaced(MARKED, "gates", ["new"]) == MARKED
