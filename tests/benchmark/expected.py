"""What a journal must hold, every line computed again by the model alone, outside of the time that is measured."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tests.benchmark.load import FIRST, Load
from tests.benchmark.programs import meter_constant, pvsim_constant

from meter.household import Households
from meter.tables import load_profile
from pvsim.compression import open_to_read
from pvsim.fleet import Fleet
from pvsim.readings import Readings
from pvsim.records import Records
from pvsim_common.places import PLACES
from pvsim_common.segments import closed_segments, open_segment

_AT_ONCE = 200_000  # readings
_CHUNK_BYTES = 1 << 20
_SEED = 1

Ints = NDArray[np.int64]
Model = Callable[[Ints], Records]  # the records of all homes at these instants


class Expected(NamedTuple):
    """What the lines are known by: how many, their bytes, and the digest of all of them in their order."""

    lines: int
    bytes: int
    digest: str


def check(directory: Path, load: Load, *, constant: bool = False) -> Expected:
    """What a journal holds. Raises RuntimeError if it is not every reading once, with the right powers, in order."""
    paths = (*closed_segments(directory).values(), open_segment(directory))
    return check_files(paths, load, constant=constant)


def check_files(paths: Iterable[Path], load: Load, *, constant: bool = False) -> Expected:
    """The same of files that follow each other."""
    found, wanted = _of(_content(paths)), expected(load, constant=constant)
    if found != wanted:
        raise RuntimeError(f"the files hold {found} instead of {wanted}")
    return found


@cache
def expected(load: Load, *, constant: bool = False) -> Expected:
    """What must be there, in the order of one partition: instant by instant, home by home."""
    model = _constant(load.sites) if constant else real_model(load.sites)
    return _of(lines(load, model))


def lines(load: Load, model: Model) -> Iterator[bytes]:
    """The lines of a load, some instants at a time."""
    width = max(1, _AT_ONCE // load.homes)
    for at in range(0, load.instants, width):
        instants = FIRST + 1000 * np.arange(at, min(at + width, load.instants), dtype=np.int64)
        yield model(instants).lines()


def _of(chunks: Iterable[bytes]) -> Expected:
    digest, count, size = hashlib.sha256(), 0, 0
    for chunk in chunks:
        digest.update(chunk)
        count += chunk.count(b"\n")
        size += len(chunk)
    return Expected(count, size, digest.hexdigest())


def _content(paths: Iterable[Path]) -> Iterator[bytes]:
    """All bytes of segments, in pieces."""
    for path in paths:
        with open_to_read(path) as file:
            yield from _chunks(file)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


def real_model(sites: Sequence[str]) -> Model:
    """The model by the settings' defaults. Homes keep what they have compiled, so both are made once."""
    place = PLACES["munich"]
    households = Households(sites, seed=_SEED, profile=load_profile("H0", place), variation=True)
    fleet = Fleet(place, seed=_SEED, variation=True, sky="cloudy")
    return lambda instants: fleet.records(_readings(sites, instants, households.power(instants)))


def _constant(sites: Sequence[str]) -> Model:
    """What the programs with a constant for a model have to write."""

    def records(instants: Ints) -> Records:
        power = np.full((len(sites), len(instants)), meter_constant.WATTS, dtype=np.int64)
        readings = _readings(sites, instants, power)
        pv = np.full(len(readings.sites), pvsim_constant.TENTHS, dtype=np.int64)
        return Records(readings.sites, readings.instants, readings.power_w * 10, pv)

    return records


def _readings(sites: Sequence[str], instants: Ints, power_w: Ints) -> Readings:
    each = np.repeat(instants, len(sites))
    return Readings(list(sites) * len(instants), each, np.full_like(each, 1000), power_w.T.ravel())
