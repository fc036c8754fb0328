"""Lines of text made from columns, all at once: what the services write record by record."""

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.bytes_]
_LINES = 8192  # made at once, so that they stay in the processor's cache


def lines(count: int, *columns: bytes | Bytes) -> bytes:
    """So many lines, each made of its value in every column; a column that is one text is the same in all lines.

    Each value has the room that its column's longest needs, filled with zero bytes, which are taken out in the end.
    """
    types = [(f"f{n}", f"S{len(c)}" if isinstance(c, bytes) else c.dtype) for n, c in enumerate(columns)]
    return b"".join(_chunks(count, columns, np.dtype(types)))


def _chunks(count: int, columns: tuple[bytes | Bytes, ...], dtype: np.dtype[np.void]) -> Iterator[bytearray]:
    for at in range(0, count, _LINES):
        room = bytearray(min(_LINES, count - at) * dtype.itemsize)
        table = np.frombuffer(room, dtype=dtype)
        for number, column in enumerate(columns):
            table[f"f{number}"] = column if isinstance(column, bytes) else column[at : at + _LINES]
        yield room.translate(None, b"\0")


def decimals(values: NDArray[np.int64], places: int) -> tuple[Bytes, Bytes]:
    """Texts of values given in units of the last place: what stands before the point, and the rest without end zeros.

    With 4 places -8025 is "-0" and ".8025", 10000 is "1" and ".0": the shortest text that means the same float.
    """
    # Numbers of 32 bits are divided in a tenth of the time.
    whole, rest = np.divmod(np.abs(values.astype(np.int32)), np.int32(10**places))
    most = int(whole.max(initial=0)) + 1
    texts = [str(n) for n in range(most)]
    table = np.array([*texts, *(f"-{text}" for text in texts)], dtype=np.bytes_)
    return table[whole + most * (values < 0)], _fractions(places)[rest]


def timestamps(instants: range) -> Bytes:
    """RFC 3339 in UTC of instants [ms since 1970], with milliseconds only where there are any."""
    moments = np.arange(instants.start, instants.stop, instants.step).astype("datetime64[ms]")
    if instants.start % 1000 == instants.step % 1000 == 0:
        return np.datetime_as_string(moments, unit="s", timezone="UTC").astype(np.bytes_)
    texts = np.datetime_as_string(moments, unit="ms", timezone="UTC").astype(np.bytes_)
    return np.where(moments == moments.astype("datetime64[s]"), np.strings.replace(texts, b".000", b""), texts)


@functools.lru_cache(maxsize=4)
def _fractions(places: int) -> Bytes:
    texts = (f"{n:0{places}d}".rstrip("0") or "0" for n in range(10**places))
    return np.array([f".{text}" for text in texts], dtype=np.bytes_)
