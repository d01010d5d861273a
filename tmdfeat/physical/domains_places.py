"""Domains family: how islands are placed.

The same conventions as in `domains`. All islands take part, cut ones with the centroid of what
is seen of them.
"""

from functools import partial

import numpy as np
from scipy.spatial import cKDTree

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.domains import islands
from tmdfeat.physical.segmentation_film import Film
from tmdfeat.physical.segmentation_result import Segments


def _nearest(found: Segments) -> np.ndarray:
    points = np.column_stack([found.moments.y, found.moments.x])
    return cKDTree(points).query(points, k=2)[0][:, 1]


def nearest_neighbour(z, pixel_size=1.0) -> float:
    """Mean distance from an island's centroid to the nearest other one, nm; NaN below two."""
    found = islands(z, pixel_size)
    return float(_nearest(found).mean()) if found.n > 1 else np.nan


def clark_evans(z, pixel_size=1.0) -> float:
    """Clark-Evans ratio: nearest-neighbour distance over that of random points.

    1 random, 2 square lattice, 2.149 triangular lattice, below 1 clusters. The expectation is
    corrected for the edge of the map (Donnelly). NaN below two islands.

    References
    ----------
    P. J. Clark and F. C. Evans, Ecology 35 (1954) 445, DOI 10.2307/1931034.
    K. P. Donnelly, in: I. Hodder (ed.), Simulation Studies in Archaeology (1978) 91.
    """
    found = islands(z, pixel_size)
    if found.n < 2:
        return np.nan
    n, sides = found.n, np.multiply(found.labels.shape, found.pixel_size)
    expected = 0.5 * np.sqrt(found.field / n)
    expected += (0.0514 + 0.041 / np.sqrt(n)) * 2 * sides.sum() / n
    return float(_nearest(found).mean() / expected)


_place = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
)

DESCRIPTORS = (
    _place("nn_distance", nearest_neighbour, unit="nm", source="centroids of islands"),
    _place("clark_evans", clark_evans, source="Clark & Evans, DOI 10.2307/1931034; Donnelly 1978"),
)
