"""Saddles of a height map, and what meets at them: the engine of persistent homology.

Only saddles can join anything: pixels whose higher neighbours fall apart into several groups.
All other pixels are linked to a neighbour once, so saddles alone need sorting. Equal heights
are ordered by position, which changes no pair of nonzero persistence.

Maps are padded by one pixel of the lowest height, the sea, and flat; `width` counts the padding.
"""

import numpy as np
from numba import njit

# For each of 256 sets of higher neighbours: bit k is neighbour k in a ring from east through
# north, so even bits share an edge with the pixel.
_HIGHER = ((np.arange(256)[:, None] >> np.arange(8)) & 1).astype(bool)
_EDGE, _CORNER, _NEXT = _HIGHER[:, ::2], _HIGHER[:, 1::2], np.roll(_HIGHER[:, ::2], -1, axis=1)
# Number of 8-connected groups of the higher, and so of 4-connected groups of the lower (Yokoi's
# connectivity number); first higher neighbour; first lower one across an edge; 8 is the pixel.
GROUPS = np.sum(~_EDGE & (_CORNER | _NEXT), axis=1)
FIRST_HIGHER = np.where(_HIGHER.any(axis=1), _HIGHER.argmax(axis=1), 8)
FIRST_LOWER = np.where(_EDGE.all(axis=1), 8, 2 * (~_EDGE).argmax(axis=1))


@njit(cache=True)
def _ring(width):
    """Steps to the eight neighbours, and to the pixel itself."""
    return np.array([1, 1 - width, -width, -1 - width, -1, width - 1, width, width + 1, 0])


@njit(cache=True)
def link(z, width):
    """A higher and a lower neighbour of each pixel of a padded map, or itself, and the saddles.

    Padding is linked down to pixel 0, the bottom of the sea.
    """
    ring = _ring(width)
    up, down = np.arange(z.size).astype(np.int32), np.zeros(z.size, np.int32)
    saddles = np.empty(z.size, np.int64)
    n = 0
    for row in range(width, z.size - width, width):
        for here in range(row + 1, row + width - 1):
            mask = _higher(z, here, width)
            up[here] = here + ring[FIRST_HIGHER[mask]]
            down[here] = here + ring[FIRST_LOWER[mask]]
            if GROUPS[mask] > 1:
                saddles[n] = here
                n += 1
    return up, down, saddles[:n].copy()


@njit(cache=True)
def _higher(z, i, width):
    """Set of higher neighbours, as bits; of equal heights the one that comes first is higher."""
    return (
        (z[i + 1] > z[i])
        | (z[i + 1 - width] >= z[i]) << 1
        | (z[i - width] >= z[i]) << 2
        | (z[i - 1 - width] >= z[i]) << 3
        | (z[i - 1] >= z[i]) << 4
        | (z[i - 1 + width] > z[i]) << 5
        | (z[i + width] > z[i]) << 6
        | (z[i + 1 + width] > z[i]) << 7
    )


@njit(cache=True)
def merge(z, width, saddles, links, rising):
    """Join what meets at each saddle; the younger dies. `links` are used up."""
    ring = _ring(width)
    pairs = np.empty((3 * saddles.size, 2), np.int64)
    n = 0
    for here in saddles:
        elder = _root(links, here)
        for k in range(0, 8, 1 if rising else 2):
            there = here + ring[k]
            if not _beyond(z, there, here, rising):
                continue
            other = _root(links, there)
            if other == elder:
                continue
            if _beyond(z, other, elder, rising):
                elder, other = other, elder
            links[other] = elder
            if z[other] != z[here]:
                pairs[n] = other, here
                n += 1
    return pairs[:n].copy()


@njit(cache=True)
def _root(links, i):
    while links[i] != i:
        links[i] = links[links[i]]
        i = links[i]
    return i


@njit(cache=True)
def _beyond(z, a, b, rising):
    """Whether `a` is higher than `b`, or lower if not `rising`."""
    if z[a] == z[b]:
        return (a < b) == rising
    return (z[a] > z[b]) == rising
