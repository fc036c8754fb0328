"""Smooth random numbers: octaves of hashed lattices, in time and across the wind."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pvsim.lattice import points
from pvsim_common.randomness import hashes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROW_FACTOR = 64  # above any number of octaves: a row and an octave make one index
_LANE_SUM_MEAN = 4 * (2**16 - 1) / 2
_LANE_SUM_STD = (4 * (2**32 - 1) / 12) ** 0.5
# sin(x pi/2) for 0 <= x <= 1, odd powers, fitted to 4e-9: three times as fast as the library's, and nothing but sums
# and products, which are the same on every machine.
_SINE = (1.57079629, -0.64596335987, 0.079688480566, -0.0046722279551, 0.00015082057794)


class Octaves(NamedTuple):
    """Octaves of noise, each with a lattice of its own."""

    numbers: tuple[int, ...]  # name the lattices; below 64
    periods: tuple[float, ...]  # from one lattice point to the next [s]
    shares: tuple[float, ...]  # of variance

    def first(self, count: int) -> "Octaves":
        """The first few of them."""
        return Octaves(self.numbers[:count], self.periods[:count], self.shares[:count])


def noise(seed: int, stream: str, octaves: Octaves, along: Floats, across: Floats) -> Floats:
    """Gaussian noise whose variance is the sum of the octaves' shares, in the broadcast shape of its coordinates.

    `along` is a time [s], `across` a distance in seconds of wind [s]; they have as many axes. Lattice values are sums
    of four uniform numbers (Irwin, Hall); neighbours are joined with weights whose squares add up to 1, so that the
    variance is the same everywhere.
    """
    spread = (-1,) + (1,) * along.ndim
    rates = 1 / np.reshape(octaves.periods, spread)
    columns, left, right = _between(along * rates)
    rows, low, high = _between(across * rates)
    found = points(rows, columns)
    named_rows = found.rows * _ROW_FACTOR + np.array(octaves.numbers)[found.lattices]
    values = _standard_normal(hashes(seed, stream, named_rows, found.columns))
    amplitude = np.sqrt(octaves.shares).reshape(spread)
    joined = low * amplitude * _pair(values, found.corners, left, right)
    joined += high * amplitude * _pair(values, found.corners + found.strides.reshape(spread), left, right)
    return np.asarray(joined.sum(axis=0))


def _pair(values: Floats, corners: Ints, left: Floats, right: Floats) -> Floats:
    """The value at each corner and the next one, with their weights."""
    first = values.take(corners)
    first *= left
    second = values.take(corners + 1)
    second *= right
    first += second
    return first


def _between(position: Floats) -> tuple[Ints, Floats, Floats]:
    """The lattice point before a position, and the weights of that point and of the next."""
    cell = np.floor(position)
    share = position - cell
    step = share * share * (3 - 2 * share)
    square = step * step
    sine = _SINE[-1] * square
    for coefficient in _SINE[-2:0:-1]:
        sine += coefficient
        sine *= square
    sine += _SINE[0]
    sine *= step
    return cell.astype(np.int64), np.sqrt(np.maximum(1 - sine * sine, 0)), sine


def _standard_normal(bits: NDArray[np.uint64]) -> Floats:
    """The sum of the four 16-bit numbers of a hash, with mean 0 and variance 1."""
    lanes = bits.view(np.uint16).reshape(-1, 4).sum(axis=1).astype(np.float64)
    return np.asarray((lanes - _LANE_SUM_MEAN) * (1 / _LANE_SUM_STD))
