"""What is always on: the base load and the fridge, in closed form; and the noise on everything."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from meter.activity import ALWAYS_ON
from meter.homes import Homes
from meter.walltime import Ints
from pvsim_common.randomness import hashes, uniforms

_FRIDGE = 0.0075  # mean power of the fridge [W per kWh/a]; the rest of what is always on is base load
_LEAST_DUTY, _MOST_DUTY = 0.12, 0.6
_SLOT_MS = 2000  # the noise is the same for so long
_RELATIVE_NOISE, _NOISE_W = 0.004, 1.5  # standard deviation: a part of the power, and watts

Floats = NDArray[np.float64]


class AlwaysOn(NamedTuple):
    """Base load and fridge of homes; each field has the shape [homes, 1]."""

    base: Floats  # [W]
    running: Floats  # power of the fridge while it runs [W]
    inrush: Floats  # the same as its compressor starts [W]
    period: Ints  # from start to start [ms]
    offset: Ints  # [ms]
    on: Ints  # how long it runs [ms]
    starting: Ints  # how long its inrush lasts [ms]

    def power(self, instants: Ints) -> Floats:
        """Power [W] of the homes (rows) at instants [ms since 1970] (columns)."""
        since_start = (instants + self.offset) % self.period
        power = self.base + np.where(since_start < self.on, self.running, 0.0)
        starting = since_start < self.starting
        if starting.any():
            power += np.where(starting, self.inrush - self.running, 0.0)
        return power


def always_on(homes: Homes, seed: int) -> AlwaysOn:
    """The base load and fridge of each home, from its id and its size: 20 and 7.5 W per 1000 kWh/a in the mean.

    A fridge runs 12 to 60 % of the time: those of small homes draw less, and in large ones the rest is base load.
    """

    def between(what: str, least: float, most: float) -> Floats:
        return least + (most - least) * uniforms(seed, f"meter/fridge/{what}", homes.ids)

    mean = _FRIDGE * homes.annual_kwh
    running = np.minimum(between("power", 70, 120), mean / _LEAST_DUTY)
    mean = np.minimum(mean, _MOST_DUTY * running)
    period = np.rint(between("period", 35, 65) * 60_000)
    inrush = between("inrush", 244, 566)
    starting = np.rint(between("starting", 1000, 2000))
    on = np.rint((mean * period - (inrush - running) * starting) / running)  # the inrush is a part of the mean
    offset = np.floor(between("offset", 0, 1) * period)
    base = ALWAYS_ON * homes.annual_kwh - mean
    columns = [field[:, np.newaxis] for field in (base, running, inrush)]
    whole = [field.astype(np.int64)[:, np.newaxis] for field in (period, offset, on, starting)]
    return AlwaysOn(columns[0], columns[1], columns[2], whole[0], whole[1], whole[2], whole[3])


def with_noise(power: Floats, homes: Homes, seed: int, instants: Ints) -> Floats:
    """Powers [W], shape [homes, instants], with noise of 0.4 % and 1.5 W, anew every two seconds.

    It is nearly normal: the sum of the four 16-bit parts of a hash.
    """
    bits = hashes(seed, "meter/noise", homes.ids[:, np.newaxis], instants // _SLOT_MS)
    lanes = np.uint64(0x0000FFFF0000FFFF)
    pairs = (bits & lanes) + ((bits >> np.uint64(16)) & lanes)
    sums = (pairs & np.uint64(0xFFFFFFFF)) + (pairs >> np.uint64(32))
    normal = (sums.astype(np.float64) - 2 * 65535) / 37837.227  # the root of 4 (2^32 - 1) / 12
    return power + np.sqrt((_RELATIVE_NOISE * power) ** 2 + _NOISE_W**2) * normal
