"""A run of the harness: in a directory of its own, with chance that its seed repeats, judged whatever happens."""

from pathlib import Path
from random import Random

from tests.chaos.ground import Ground, Outcome
from tests.chaos.rows import Row

from pvsim_local.rabbitmq import RabbitNode


def broken(name: str, row: Row, node: RabbitNode, directory: Path, seed: int) -> Outcome:
    """Do a run; what ends it before its end is a violation, too."""
    directory.mkdir()
    ground = Ground(node, directory, Random(f"{seed} {name}"), seed)  # the same faults, whichever runs went before
    try:
        return row(ground)
    except Exception as error:  # a harness must not be ended by what it is looking for
        return Outcome(name, violations=[f"{type(error).__name__}: {error}"])
