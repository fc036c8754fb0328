"""Counter-based random numbers: (seed, stream, index...) in, the same uniforms out, in any order and on any machine."""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GAMMA = np.uint64(0x9E3779B97F4A7C15)  # splitmix64: Steele, Lea, Flood, OOPSLA 2014
_FACTOR_1 = np.uint64(0xBF58476D1CE4E5B9)
_FACTOR_2 = np.uint64(0x94D049BB133111EB)
_S11, _S27, _S30, _S31 = (np.uint64(bits) for bits in (11, 27, 30, 31))


def site_ids(sites: Iterable[str]) -> NDArray[np.uint64]:
    """The 64-bit id of each site: the first 8 bytes, little endian, of BLAKE2b of its name."""
    digests = b"".join(hashlib.blake2b(site.encode(), digest_size=8).digest() for site in sites)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def hashes(seed: int, stream: str, *indexes: ArrayLike) -> NDArray[np.uint64]:
    """64 random bits for each element of the broadcast indexes (integers), independent between streams."""
    mixed = np.asarray([seed], dtype=np.uint64)
    for index in (site_ids([stream]), *indexes):
        mixed = _mix((mixed ^ np.asarray(index).astype(np.uint64)) + _GAMMA)
    return mixed


def uniforms(seed: int, stream: str, *indexes: ArrayLike) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1) for each element of the broadcast indexes."""
    return np.asarray(hashes(seed, stream, *indexes) >> _S11, dtype=np.float64) * 2.0**-53


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    bits = (bits ^ (bits >> _S30)) * _FACTOR_1
    bits = (bits ^ (bits >> _S27)) * _FACTOR_2
    return bits ^ (bits >> _S31)
