"""The runs of the harness, each a row of the table in docs/delivery.md, in a long and in a short size."""

from collections.abc import Callable
from functools import partial

from tests.chaos.full_disk import full
from tests.chaos.ground import Ground, Outcome
from tests.chaos.kills import killed, uncovered
from tests.chaos.outages import alarmed, away, cut
from tests.chaos.stops import stopped
from tests.chaos.strangers import disturbed
from tests.chaos.watching import watched

Row = Callable[[Ground], Outcome]

LONG: dict[str, Row] = {
    "kills": partial(killed, pvsim=200, meter=20, broker=6, readings=1_000_000),
    "control": partial(uncovered, pvsim=10, meter=5),
    "disk": partial(full, seconds=13, kills=4),
    "alarm": partial(alarmed, seconds=7),
    "away": partial(away, seconds=60),
    "cuts": partial(cut, times=100),
    "strangers": partial(disturbed, times=5),
    "exporter": partial(watched, kills=50),
    "stops": partial(stopped, times=50),
}
SHORT: dict[str, Row] = {
    "kills": partial(killed, pvsim=4, meter=1, broker=1, readings=0),
    "control": partial(uncovered, pvsim=2, meter=2),
    "disk": partial(full, seconds=2, kills=1),
    "alarm": partial(alarmed, seconds=2, after_s=20),
    "cuts": partial(cut, times=5),
    "strangers": partial(disturbed, times=1),
    "exporter": partial(watched, kills=3),
    "stops": partial(stopped, times=3),
}
