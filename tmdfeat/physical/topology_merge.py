"""What meets at the saddles of a height map: the engine of persistent homology.

Each gap of a saddle (see `topology_saddles`) either joins two islands, of which the younger dies,
or closes a ring about a lake; never both. So lakes are looked for only where no islands met.
"""

import numpy as np
from numba import njit


@njit(cache=True)
def merge_islands(z, saddles, higher, links, steps):
    """Join what meets at each saddle, highest first; `links` lead up and are used up.

    Returns
    -------
    pairs : int32 array of shape (n, 2)
        Peak and saddle of each island that dies, less pairs of equal height.
    rings : int32 array of shape (m, 2)
        The gaps that are left: saddle, and the neighbour across the gap.
    """
    gaps = 0
    for here in saddles:
        gaps += steps.groups[higher[here]] - 1
    pairs, rings = np.empty((gaps, 2), np.int32), np.empty((gaps, 2), np.int32)
    n = m = 0
    for here in saddles:
        around = higher[here]
        elder = _root(links, here + steps.higher[around, 0])
        for k in range(1, steps.groups[around]):
            other = _root(links, here + steps.higher[around, k])
            if other == elder:
                rings[m, 0], rings[m, 1] = here, here + steps.lower[around, k]
                m += 1
                continue
            if z[other] > z[elder]:
                elder, other = other, elder
            links[other] = elder
            if z[other] != z[here]:
                pairs[n, 0], pairs[n, 1] = other, here
                n += 1
    return pairs[:n].copy(), rings[:m].copy()


@njit(cache=True)
def merge_lakes(z, rings, links):
    """Join the lakes that the rings part, lowest first; `links` lead down and are used up.

    Returns
    -------
    int32 array of shape (n, 2)
        Saddle and pit of each lake that dies, less pairs of equal height.
    """
    pairs = np.empty(rings.shape, np.int32)
    n = 0
    for i in range(len(rings) - 1, -1, -1):
        here = rings[i, 0]
        elder, other = _root(links, here), _root(links, rings[i, 1])
        if z[other] < z[elder]:
            elder, other = other, elder
        links[other] = elder
        if z[other] != z[here]:
            pairs[n, 0], pairs[n, 1] = here, other
            n += 1
    return pairs[:n].copy()


@njit(cache=True)
def _root(links, i):
    while True:
        after = links[i]
        end = links[after]
        if after == end:
            return end
        links[i] = end
        i = end
