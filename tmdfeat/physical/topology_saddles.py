"""Saddles of a height map, and a way up and down from each pixel.

Only saddles can join anything: pixels whose higher neighbours fall apart into several groups.
All other pixels are linked to a neighbour once, so saddles alone need sorting. Equal heights
are ordered by position, which changes no pair of nonzero persistence.

Maps are padded by one pixel of the lowest height, the sea, and flat; `width` counts the padding.
A saddle of n groups of higher neighbours has as many groups of lower ones between them. The
pixel belongs to the first of these; the gap at each of the others joins two groups of higher
ones, or parts two lakes.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

# For each of 256 sets of higher neighbours: bit k is neighbour k in a ring from east through
# north, so even bits share an edge with the pixel.
_HIGHER = ((np.arange(256)[:, None] >> np.arange(8)) & 1).astype(bool)
_EDGE, _CORNER, _NEXT = _HIGHER[:, ::2], _HIGHER[:, 1::2], np.roll(_HIGHER[:, ::2], -1, axis=1)
# Where a 4-connected group of lower neighbours ends and an 8-connected one of higher ones begins;
# how often (Yokoi's connectivity number), first of all, and the pixels on both sides.
_ENDS = ~_EDGE & (_CORNER | _NEXT)
_PLACES = np.argsort(~_ENDS, axis=1, kind="stable")
_GROUPS = _ENDS.sum(axis=1).astype(np.uint8)
_LOWER = 2 * _PLACES
_HIGHER_AFTER = (_LOWER + np.where(np.take_along_axis(_CORNER, _PLACES, axis=1), 1, 2)) % 8
# First higher neighbour, first lower one across an edge; 8 is the pixel.
_FIRST_HIGHER = np.where(_HIGHER.any(axis=1), _HIGHER.argmax(axis=1), 8)
_FIRST_LOWER = np.where(_EDGE.all(axis=1), 8, 2 * (~_EDGE).argmax(axis=1))


class Steps(NamedTuple):
    """For each set of higher neighbours: steps through a flat map of some width.

    groups : uint8 array of shape (256,), number of groups of higher neighbours
    up, down : int32 arrays of shape (256,), to a higher and a lower neighbour, 0 if there is none
    higher, lower : int32 arrays of shape (256, 4), into each group
    """

    groups: np.ndarray
    up: np.ndarray
    down: np.ndarray
    higher: np.ndarray
    lower: np.ndarray


def steps(width: int) -> Steps:
    """Steps through a flat map of this width."""
    ring = [1, 1 - width, -width, -1 - width, -1, width - 1, width, width + 1, 0]
    tables = (_FIRST_HIGHER, _FIRST_LOWER, _HIGHER_AFTER, _LOWER)
    return Steps(_GROUPS, *(np.array(ring, np.int32)[table] for table in tables))


@njit(cache=True)
def higher_neighbours(z):
    """Set of higher neighbours of each pixel of a padded map, as bits; 0 for the padding.

    Of equal heights the one that comes first is higher.
    """
    found = np.zeros(z.shape, np.uint8)
    for y in range(1, z.shape[0] - 1):
        above, row, below, bits = z[y - 1], z[y], z[y + 1], found[y]
        for x in range(1, z.shape[1] - 1):
            here = row[x]
            bits[x] = (
                np.uint8(row[x + 1] > here)
                | np.uint8(above[x + 1] >= here) << 1
                | np.uint8(above[x] >= here) << 2
                | np.uint8(above[x - 1] >= here) << 3
                | np.uint8(row[x - 1] >= here) << 4
                | np.uint8(below[x - 1] > here) << 5
                | np.uint8(below[x] > here) << 6
                | np.uint8(below[x + 1] > here) << 7
            )
    return found


@njit(cache=True)
def link(higher, width, steps):
    """A higher and a lower neighbour of each pixel of a padded map, or itself, and the saddles.

    Padding is linked down to pixel 0, the bottom of the sea.
    """
    up, down = np.empty(higher.size, np.int32), np.empty(higher.size, np.int32)
    saddles = np.empty(higher.size, np.int32)
    n = 0
    for i in range(higher.size):
        around = higher[i]
        up[i] = i + steps.up[around]
        down[i] = i + steps.down[around]
        saddles[n] = i
        n += steps.groups[around] > 1
    down[:width] = down[-width:] = 0
    down[::width] = down[width - 1 :: width] = 0
    return up, down, saddles[:n].copy()
