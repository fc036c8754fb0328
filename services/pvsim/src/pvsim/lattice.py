"""Which points of some lattices a block of readings needs, so that each is computed once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Points(NamedTuple):
    """Points of lattices, one after the other, and where among them each reading finds its own.

    The point `r` rows above and `c` columns after a reading's own stands at `corners + r * strides + c`.
    """

    lattices: Ints
    rows: Ints
    columns: Ints
    corners: Ints  # [lattices, readings...]
    strides: Ints  # [lattices]


def points(rows: Ints, columns: Ints, *, height: int, width: int) -> Points:
    """The points that a rectangle of height x width needs, which begins at each reading's row and column.

    Rows and columns have a first axis for the lattices and broadcast in the others. In each lattice it is one rectangle
    around all of them, unless that is more than one for each: so neighbours share what they have in common, and
    readings far apart do not ask for all that lies between.
    """
    readings = np.broadcast_shapes(rows.shape, columns.shape)[1:]
    axes = tuple(range(1, rows.ndim))
    first_row, first_column = rows.min(axes), columns.min(axes)
    heights = rows.max(axes) - first_row + height
    widths = columns.max(axes) - first_column + width
    near = heights * widths <= height * width * int(np.prod(readings))
    if near.all():
        return _around(rows, columns, first_row, first_column, heights, widths)
    if not near.any():
        return _for_each(rows, columns, height, width)
    some = (first_row, first_column, heights, widths)
    shared = _around(rows[near], columns[near], *(limit[near] for limit in some))
    own = _for_each(rows[~near], columns[~near], height, width)
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


def _for_each(rows: Ints, columns: Ints, height: int, width: int) -> Points:
    """A rectangle for each reading."""
    rows, columns = np.broadcast_arrays(rows, columns)
    corners = np.arange(rows.size).reshape(rows.shape) * (height * width)
    own_rows = rows.reshape(-1, 1, 1) + np.arange(height)[:, np.newaxis] + np.zeros(width, dtype=np.int64)
    own_columns = columns.reshape(-1, 1, 1) + np.arange(width) + np.zeros((height, 1), dtype=np.int64)
    lattices = np.repeat(np.arange(len(rows)), own_rows.size // len(rows))
    return Points(lattices, own_rows.ravel(), own_columns.ravel(), corners, np.full(len(rows), width))


def _joined(near: NDArray[np.bool_], shared: Points, own: Points) -> Points:
    """The points of the lattices that are near, then those of the others."""
    names = np.flatnonzero(near)[shared.lattices], np.flatnonzero(~near)[own.lattices]
    corners = np.empty((len(near), *shared.corners.shape[1:]), dtype=np.int64)
    corners[near], corners[~near] = shared.corners, own.corners + len(shared.rows)
    strides = np.empty(len(near), dtype=np.int64)
    strides[near], strides[~near] = shared.strides, own.strides
    return Points(
        np.concatenate(names),
        np.concatenate((shared.rows, own.rows)),
        np.concatenate((shared.columns, own.columns)),
        corners,
        strides,
    )
