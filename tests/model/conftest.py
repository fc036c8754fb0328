"""Data sets that the tests of the model share, each made once in a run of the tests."""

from collections.abc import Iterator

import pytest
from tests.model.datasets import Datasets
from tests.model.scenarios import long_ones, quick_ones

_MANY = 5  # tests; fewer are those that somebody chose, who waits for what they need and nothing else


@pytest.fixture(scope="session")
def datasets(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasets]:
    """Makes data sets; where many tests will ask for them, they are begun at once."""
    asking = [test for test in request.session.items if "datasets" in getattr(test, "fixturenames", ())]
    long = [test for test in asking if test.get_closest_marker("long")]
    with Datasets(tmp_path_factory.mktemp("datasets")) as datasets:
        for options in (*_if_many(asking, quick_ones()), *_if_many(long, long_ones())):
            datasets.order(options)
        yield datasets


def _if_many(tests: list[pytest.Item], options: list[dict[str, object]]) -> list[dict[str, object]]:
    return options if len(tests) > _MANY else []
