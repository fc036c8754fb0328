"""When appliances run: Poisson processes, drawn in the two-hour blocks in which a home keeps to a habit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from meter.activity import UNIT, Activity
from meter.appliances import APPLIANCES, LONGEST_MS
from meter.homes import BLOCK_QUARTERS, Homes
from meter.walltime import DAY_MS, QUARTER_MS, QUARTERS, Ints
from pvsim_common.randomness import uniforms

_BLOCK_MS = BLOCK_QUARTERS * QUARTER_MS
_MOST_EXPECTED = 50.0  # of one appliance in a block: far more than fits below 9000 W
_MOST = 256  # so many are never drawn
_TABLE_SPAN = 1 << 50  # more than a table of some days sums up to

Floats = NDArray[np.float64]


class Runs(NamedTuple):
    """Runs of appliances; each field has the shape [runs]."""

    kind: Ints  # index of the appliance, ascending
    home: Ints  # row of the home
    begin: Ints  # [ms since 1970]
    strength: Floats  # power relative to the mean, 0.8 to 1.2
    shape: Floats  # how its stages turn out, 0 to 1

    def of(self, some: slice) -> "Runs":
        """Some of them."""
        return Runs(self.kind[some], self.home[some], self.begin[some], self.strength[some], self.shape[some])


def runs(homes: Homes, activity: Activity, *, seed: int, begin: int, end: int) -> Runs:
    """All runs of the homes that overlap [begin, end) [ms since 1970]: the same ones whatever homes and range.

    A run belongs to the block, and to the rate, of its middle, whose local time becomes an instant once.
    """
    blocks = _blocks(homes, *activity.clock.around(begin - LONGEST_MS // 2, end + LONGEST_MS // 2))
    schedule = _schedule(activity, blocks * BLOCK_QUARTERS + homes.phase[:, np.newaxis])
    kind, home, block, ordinal = _each(_counts(homes, schedule, blocks, seed))
    keys = (homes.ids[home], blocks[home, block], kind * _MOST + ordinal)

    local = schedule.times(kind, home, block, uniforms(seed, "meter/time", *keys)) + homes.shift[home]
    durations = 1000 * np.array([appliance.seconds for appliance in APPLIANCES])[kind]
    begins = activity.clock.instants(local) - durations // 2
    kept = np.flatnonzero((begins < end) & (begins + durations > begin))
    keys = (keys[0][kept], keys[1][kept], keys[2][kept])
    strength = 0.8 + 0.4 * uniforms(seed, "meter/strength", *keys)
    return Runs(kind[kept], home[kept], begins[kept], strength, uniforms(seed, "meter/shape", *keys))


class _Schedule(NamedTuple):
    """How many runs are expected in the blocks of homes, each use of theirs being 1."""

    first_day: int  # since 1970
    table: Ints  # cumulated since then, as Activity does: shape [kinds, quarter hours + 1]
    at: Ints  # the quarter hour of the table at which a block begins: shape [homes, blocks]

    @property
    def expected(self) -> Ints:
        """Expected runs [UNIT]: shape [kinds, homes, blocks]."""
        return np.asarray(self.table[:, self.at + BLOCK_QUARTERS] - self.table[:, self.at])

    def times(self, kind: Ints, home: Ints, block: Ints, u: Floats) -> Ints:
        """Local time [ms] of runs of these kinds, homes and blocks, each at a share of those expected in the block."""
        at = self.at[home, block]
        before = self.table[kind, at]
        wanted = before + (u * (self.table[kind, at + BLOCK_QUARTERS] - before)).astype(np.int64)
        spans = np.arange(len(self.table)) * _TABLE_SPAN
        rows = (self.table + spans[:, np.newaxis]).ravel()
        quarter = np.searchsorted(rows, wanted + spans[kind], side="right") - 1 - kind * self.table.shape[1]
        passed, more = wanted - self.table[kind, quarter], self.table[kind, quarter + 1] - self.table[kind, quarter]
        return np.asarray(self.first_day * DAY_MS + quarter * QUARTER_MS + passed * QUARTER_MS // more)


def _schedule(activity: Activity, quarters: Ints) -> _Schedule:
    """That of blocks which begin at these local quarter hours since 1970: shape [homes, blocks]."""
    first_day, last_day = int(quarters.min()) // QUARTERS, (int(quarters.max()) + BLOCK_QUARTERS - 1) // QUARTERS
    return _Schedule(first_day, activity.cumulated(first_day, last_day), quarters - first_day * QUARTERS)


def _blocks(homes: Homes, first: int, last: int) -> Ints:
    """The blocks of each home that hold all local times from first to last [ms]: shape [homes, blocks]."""
    begins = (first - homes.shift - homes.phase * QUARTER_MS) // _BLOCK_MS
    return begins[:, np.newaxis] + np.arange((last - first) // _BLOCK_MS + 2)


def _counts(homes: Homes, schedule: _Schedule, blocks: Ints, seed: int) -> Ints:
    """How many runs there are: shape [kinds, homes, blocks]."""
    kinds = np.arange(len(APPLIANCES))[:, np.newaxis, np.newaxis]
    u = uniforms(seed, "meter/runs", homes.ids[:, np.newaxis], blocks, kinds)
    return poisson(schedule.expected * (UNIT * homes.use(seed, blocks)), u)


def poisson(mean: Floats, u: Floats) -> Ints:
    """Poisson numbers of the means, by inversion of one uniform number each."""
    mean = np.minimum(mean, _MOST_EXPECTED)
    counts = np.zeros(u.shape, dtype=np.int64)
    chance = np.exp(-mean)
    open_ = np.flatnonzero(u >= chance)
    mean, u, chance = mean.ravel()[open_], u.ravel()[open_], chance.ravel()[open_]
    below = chance
    for number in range(1, _MOST):
        if not open_.size:
            break
        np.put(counts, open_, number)
        chance = chance * mean / number
        below = below + chance
        more = u >= below
        open_, mean, u, chance, below = open_[more], mean[more], u[more], chance[more], below[more]
    return counts


def _each(counts: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Kind, home and block of each of so many runs, and which of them it is."""
    flat = np.flatnonzero(counts)
    number = counts.ravel()[flat]
    kind, home, block = np.unravel_index(np.repeat(flat, number), counts.shape)
    ordinal = np.arange(len(kind)) - np.repeat(np.cumsum(number) - number, number)
    return kind, home, block, ordinal
