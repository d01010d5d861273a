"""Area, boundary and Euler number of what lies above a level, for all levels at once.

Superlevel sets, z >= level, of closed pixels, which touch across corners (8-connectivity). The
Euler number is vertices - edges + faces. A face is above a level if its pixel is, an edge or
vertex if the highest pixel around it is: so each of them is counted once, at the number of
levels that it reaches, and sums of these counts from above are the curves.
"""

import numpy as np
from numba import njit

from tmdfeat.physical.arrays import check_heights, check_pixel_size


def minkowski_curves(z, levels, pixel_size=1.0):
    """Area share, boundary density and Euler number of z >= level, for many levels at once.

    Parameters
    ----------
    z : array of shape (H, W)
    levels : array of shape (L,)
        Ascending, in the unit of `z`.
    pixel_size : float or (dy, dx)

    Returns
    -------
    area : array of shape (L,)
        Share of the pixels.
    boundary : array of shape (L,)
        Length of the boundary over the area of the map. Steps along pixels are turned into
        length by pi/4 (Cauchy-Crofton), which is right on average over all directions: 21 % too
        short along rows or columns, 11 % too long along diagonals. The map's edge is none.
    euler : int array of shape (L,)
        Islands minus lakes, islands touching the edge included.

    Examples
    --------
    >>> ring = [[0, 0, 0, 0, 0], [0, 2, 2, 2, 0], [0, 2, 1, 2, 0], [0, 2, 2, 2, 0], [0, 0, 0, 0, 0]]
    >>> area, boundary, euler = minkowski_curves(ring, [0, 1, 2])
    >>> area, euler
    (array([1.  , 0.36, 0.32]), array([1, 1, 0]))
    """
    z, levels = check_heights(z), np.asarray(levels, dtype=float)
    dy, dx = check_pixel_size(pixel_size)
    if levels.ndim != 1 or (np.diff(levels) < 0).any():
        raise ValueError(f"levels must be 1-D and ascending, got {levels}.")
    area, down, right, euler = _count(np.pad(_levels_below(z, levels), 1), len(levels))
    boundary = np.pi / 4 * (down * dx + right * dy) / (z.size * dy * dx)
    return area / z.size, boundary, euler


@njit(cache=True)
def _levels_below(z, levels):
    """How many of the ascending levels each pixel reaches."""
    reached = np.zeros(z.shape, np.int32)
    for y, x in np.ndindex(z.shape):
        low, high = 0, len(levels)
        while low < high:
            middle = (low + high) // 2
            if levels[middle] <= z[y, x]:
                low = middle + 1
            else:
                high = middle
        reached[y, x] = low
    return reached


@njit(cache=True)
def _count(reached, count):
    """Pixels, steps down and right that cross a level, and Euler number, of each level.

    `reached` has a frame of zeros.
    """
    area, down = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    right, euler = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    rows, columns = reached.shape
    for y in range(rows - 1):
        for x in range(columns - 1):
            # A vertex, the edges below it and to its right, and the face between them.
            here, above, left = reached[y + 1, x + 1], reached[y, x + 1], reached[y + 1, x]
            edge_left, edge_above = max(here, left), max(here, above)
            area[here] += 1
            euler[max(max(edge_left, above), reached[y, x])] += 1
            euler[edge_left] -= 1
            euler[edge_above] -= 1
            euler[here] += 1
            if 0 < y < rows - 2 and x < columns - 2:
                down[edge_above] += 1
                down[min(here, above)] -= 1
            if 0 < x < columns - 2 and y < rows - 2:
                right[edge_left] += 1
                right[min(here, left)] -= 1
    return _from_above(area), _from_above(down), _from_above(right), _from_above(euler)


@njit(cache=True)
def _from_above(histogram):
    return np.cumsum(histogram[::-1])[::-1][1:]
