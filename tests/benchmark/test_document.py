"""The documents tell what docs/benchmark.json holds."""

import pytest
from tests.benchmark import results
from tests.benchmark.document import DOCUMENTS, RESULT, ROOT, filled, made
from tests.benchmark.results import Result
from tests.benchmark.test_gates import chain

NEWEST = results.read(ROOT / RESULT)
TEXTS = {path.name: (ROOT / path).read_text() for path in DOCUMENTS}


@pytest.mark.parametrize("name", TEXTS)
def test_the_tables_are_those_of_the_newest_result(name: str) -> None:
    assert filled(TEXTS[name], NEWEST) == TEXTS[name], "run `make bench ARGS=--write`"


def test_every_table_has_its_place_in_a_document() -> None:
    text = "".join(TEXTS.values())

    assert [name for name in made(NEWEST) if f"<!-- end {name} -->" not in text] == []


def test_a_section_that_was_not_measured_again_stays() -> None:
    before = Result(chain=chain())

    assert before.updated(Result()).chain is before.chain
