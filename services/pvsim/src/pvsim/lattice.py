"""Which points of some lattices a block of readings needs, so that each is computed once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_CORNERS = 4


class Points(NamedTuple):
    """Points of lattices, one after the other, and where among them each reading finds the four around it.

    They stand at `corners` and the next place, those of the row above at `corners + strides` and the next.
    """

    lattices: Ints
    rows: Ints
    columns: Ints
    corners: Ints  # [lattices, readings...]
    strides: Ints  # [lattices]


def points(rows: Ints, columns: Ints) -> Points:
    """The points that readings need, given the row and column of the one before each: [lattices, readings...].

    Rows and columns broadcast in the readings' axes. In each lattice the points are one rectangle around all readings,
    unless that is more than four for each: so neighbours share what they have in common, and readings far apart do not
    ask for all that lies between.
    """
    readings = np.broadcast_shapes(rows.shape, columns.shape)[1:]
    axes = tuple(range(1, rows.ndim))
    first_row, first_column = rows.min(axes), columns.min(axes)
    heights, widths = rows.max(axes) - first_row + 2, columns.max(axes) - first_column + 2
    near = heights <= _CORNERS * int(np.prod(readings)) // widths
    if near.all():
        return _around(rows, columns, first_row, first_column, heights, widths)
    if not near.any():
        return _for_each(rows, columns)
    limits = (limit[near] for limit in (first_row, first_column, heights, widths))
    shared, own = _around(rows[near], columns[near], *limits), _for_each(rows[~near], columns[~near])
    return _joined(near, shared, own)


def _around(rows: Ints, columns: Ints, first_row: Ints, first_column: Ints, heights: Ints, widths: Ints) -> Points:
    """One rectangle for each lattice."""
    sizes = heights * widths
    begins = np.cumsum(sizes) - sizes
    lattices = np.repeat(np.arange(len(sizes)), sizes)
    row, column = np.divmod(np.arange(len(lattices)) - begins[lattices], widths[lattices])
    spread = (-1,) + (1,) * (rows.ndim - 1)
    origin = (begins - first_row * widths - first_column).reshape(spread)
    corners = rows * widths.reshape(spread) + origin + columns
    return Points(lattices, row + first_row[lattices], column + first_column[lattices], corners, widths)


def _for_each(rows: Ints, columns: Ints) -> Points:
    """The four points of each reading."""
    rows, columns = np.broadcast_arrays(rows, columns)
    own_rows = (rows[..., np.newaxis] + np.array([0, 0, 1, 1])).ravel()
    own_columns = (columns[..., np.newaxis] + np.array([0, 1, 0, 1])).ravel()
    lattices = np.repeat(np.arange(len(rows)), len(own_rows) // len(rows))
    corners = np.arange(rows.size).reshape(rows.shape) * _CORNERS
    return Points(lattices, own_rows, own_columns, corners, np.full(len(rows), 2))


def _joined(near: NDArray[np.bool_], shared: Points, own: Points) -> Points:
    """The points of the lattices that are near, then those of the others."""
    corners = np.empty((len(near), *own.corners.shape[1:]), dtype=np.int64)
    corners[near], corners[~near] = shared.corners, own.corners + len(shared.rows)
    strides = np.empty(len(near), dtype=np.int64)
    strides[near], strides[~near] = shared.strides, own.strides
    return Points(
        np.concatenate((np.flatnonzero(near)[shared.lattices], np.flatnonzero(~near)[own.lattices])),
        np.concatenate((shared.rows, own.rows)),
        np.concatenate((shared.columns, own.columns)),
        corners,
        strides,
    )
