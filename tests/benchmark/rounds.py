"""The legs in turn, so that what else the machine does falls upon all of them."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.benchmark import others
from tests.benchmark.chain import CONSTANT, WITH_EXPORTER, WITHOUT_SYNC, chain
from tests.benchmark.ground import Ground
from tests.benchmark.load import body
from tests.benchmark.results import Run
from tests.benchmark.sizes import Size

Leg = Callable[[Ground], Run]
_LINE = (
    b'{"timestamp":"2026-06-21T10:00:00Z","site":"home-1000","meter":0.512,"pv":1.2345,'
    b'"total_power":1.7465,"net_power":-0.7225}\n'
)


def one_round(ground: Ground, size: Size) -> Iterator[Run]:
    """A run of each leg, one after the other."""
    for leg in legs(size):
        yield leg(ground.fresh())


def legs(size: Size) -> Iterator[Leg]:
    """The legs in their order."""
    yield partial(others.challenge, readings=size.challenge)
    yield partial(others.safe_classic, readings=size.safe_classic)
    for count, load in size.loads.items():
        yield partial(chain, leg=f"B({count})", load=load)
    thousand = size.loads[1000]
    for name, variant in {"without sync": WITHOUT_SYNC, "constant": CONSTANT, "with exporter": WITH_EXPORTER}.items():
        yield partial(chain, leg=f"B(1000) {name}", load=thousand, variant=variant)
    for count, messages in size.ceilings.items():
        yield partial(others.ceiling, count=count, messages=messages, size=len(body(count)))
    yield partial(others.disk, line=_LINE, batches=size.disk)
