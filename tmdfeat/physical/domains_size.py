"""Domains family: the sizes of islands.

The same conventions as in `domains`. Islands that the edge of the map cuts count as they are seen:
in a closing film hardly any is whole.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.domains import islands
from tmdfeat.physical.segmentation_film import Film


def diameters(z, pixel_size=1.0) -> np.ndarray:
    """Diameters of circles as large as the islands, nm, shape (n,)."""
    return np.sqrt(4 * islands(z, pixel_size).moments.area / np.pi)


def mean_diameter(z, pixel_size=1.0) -> float:
    """Mean equivalent diameter of islands, nm; cut ones as they are seen."""
    d = diameters(z, pixel_size)
    return float(d.mean()) if d.size else np.nan


def median_diameter(z, pixel_size=1.0) -> float:
    """Median equivalent diameter of islands, nm."""
    d = diameters(z, pixel_size)
    return float(np.median(d)) if d.size else np.nan


def diameter_variation(z, pixel_size=1.0) -> float:
    """Coefficient of variation of the equivalent diameter: deviation over mean."""
    d = diameters(z, pixel_size)
    return float(d.std() / d.mean()) if d.size else np.nan


def weighted_diameter(z, pixel_size=1.0) -> float:
    """Mean equivalent diameter with islands weighted by area, nm: what a pixel lies in.

    Examples
    --------
    >>> z = np.zeros((50, 100))
    >>> z[10:40, 10:40] = z[10:40, 60:90] = 1.0
    >>> round(weighted_diameter(z), 1)  # 30 x 30, corners smoothed off
    33.8
    """
    d = diameters(z, pixel_size)
    return float(np.average(d, weights=d**2)) if d.size else np.nan


_size = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit="nm",
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
    source="diameter of the circle of equal area",
)

DESCRIPTORS = (
    _size("diameter_mean", mean_diameter),
    _size("diameter_median", median_diameter),
    _size("diameter_cv", diameter_variation, unit="-"),
    _size("diameter_weighted", weighted_diameter),
)
