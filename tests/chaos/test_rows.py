"""Everything is broken at random, a little of each, and each reading still stands in the journal exactly once."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.chaos.harness import broken
from tests.chaos.rows import LONG, SHORT

from pvsim_local.rabbitmq import RabbitNode


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], None]) -> Iterator[RabbitNode]:
    """A broker that may be killed."""
    require_tool("rabbitmq-server")
    with RabbitNode(tmp_path_factory.mktemp("rabbitmq")) as node:
        yield node


@pytest.mark.timeout(900)  # half a minute at most, where nobody else uses the machine
@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_duplicated_torn_or_wrong(name: str, node: RabbitNode, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1_000_000)

    outcome = broken(name, SHORT[name], node, tmp_path / name, seed)

    assert outcome.violations == [], f"the same again: python -m tests.chaos --quick --seed {seed} {name}"


def test_every_run_has_a_short_form_but_the_one_that_is_long_by_itself() -> None:
    assert set(LONG) - set(SHORT) == {"away"}
