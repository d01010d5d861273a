"""Domains family, second part: the shapes of islands.

The same conventions as in `domains`. Shapes are those of whole islands: what the edge of the map
cuts is left out, and without whole islands the value is NaN. All are unchanged by an offset, a
positive factor, quarter turns, flips and, but for pixels, by turning and scaling an island.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.domains import islands
from tmdfeat.physical.segmentation_film import Film
from tmdfeat.physical.segmentation_result import Segments


def circularities(found: Segments) -> np.ndarray:
    """4 pi area / perimeter^2 with Crofton's perimeter, (n,)."""
    return 4 * np.pi * found.moments.area / found.perimeters**2


def aspect_ratios(found: Segments) -> np.ndarray:
    """Longer over shorter axis of the ellipse with the same second moments, (n,)."""
    m = found.moments
    middle, half = (m.yy + m.xx) / 2, np.hypot((m.yy - m.xx) / 2, m.yx)
    return np.sqrt((middle + half) / (middle - half))


def triangularities(found: Segments) -> np.ndarray:
    """Rosin's measure from the affine moment invariant I1, (n,)."""
    m = found.moments
    invariant = 108 * (m.yy * m.xx - m.yx**2) / m.area**2
    return np.minimum(invariant, 1 / invariant)


def _mean_of_whole(measure, z, pixel_size) -> float:
    found = islands(z, pixel_size)
    whole = ~found.touches_edge
    return float(measure(found)[whole].mean()) if whole.any() else np.nan


def circularity(z, pixel_size=1.0) -> float:
    """Mean circularity 4 pi A / P^2 of whole islands: 1 disk, 0.785 square, 0.605 triangle.

    The perimeter is Crofton's, which does not grow with the pixel pattern of oblique edges.

    Examples
    --------
    >>> y, x = np.mgrid[-60:61, -60:61]
    >>> round(circularity(1.0 * (np.hypot(y, x) < 50)), 1)
    1.0
    """
    return _mean_of_whole(circularities, z, pixel_size)


def solidity(z, pixel_size=1.0) -> float:
    """Mean solidity of whole islands: area over that of the convex hull.

    1 for single domains, less for grown-together ones.

    Examples
    --------
    >>> z = np.zeros((60, 60))
    >>> z[10:50, 10:50] = 1.0
    >>> round(solidity(z), 2)
    1.0
    """
    return _mean_of_whole(lambda found: found.solidity, z, pixel_size)


def aspect_ratio(z, pixel_size=1.0) -> float:
    """Mean aspect ratio of whole islands, from second moments; 1 or more.

    Examples
    --------
    >>> z = np.zeros((60, 60))
    >>> z[20:32, 10:46] = 1.0
    >>> round(aspect_ratio(z), 1)
    3.0
    """
    return _mean_of_whole(aspect_ratios, z, pixel_size)


def triangularity(z, pixel_size=1.0) -> float:
    """Mean triangularity of whole islands: 1 triangle of any kind, 0.75 square, 0.684 disk.

    References
    ----------
    P. L. Rosin, Machine Vision and Applications 14 (2003) 172, DOI 10.1007/s00138-002-0118-6.

    Examples
    --------
    >>> y, x = np.mgrid[-60:61, -60:61]
    >>> round(triangularity(1.0 * (np.hypot(y, x) < 50)), 2)
    0.68
    """
    return _mean_of_whole(triangularities, z, pixel_size)


def trigonality(z, pixel_size=1.0) -> float:
    """Mean trigonality t3 of whole islands: 1 equilateral triangle, 0 square, hexagon, disk.

    Modulus of the mean of (x + iy)^3 about the centroid, over area^(3/2), in units of that of
    an equilateral triangle. A triangle with cut corners lies between.

    Examples
    --------
    >>> y, x = np.mgrid[-60:61, -60:61]
    >>> round(trigonality(1.0 * ((x > -25) & (x + 3**0.5 * abs(y) < 50))), 1)
    1.0
    """
    return _mean_of_whole(lambda found: found.t3, z, pixel_size)


_shape = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
)

DESCRIPTORS = (
    _shape("domain_circularity", circularity, source="4 pi A / P^2, perimeter of Crofton"),
    _shape("domain_solidity", solidity, source="area over convex hull"),
    _shape("domain_aspect_ratio", aspect_ratio, source="second moments"),
    _shape("domain_triangularity", triangularity, source="Rosin, DOI 10.1007/s00138-002-0118-6"),
    _shape("domain_trigonality", trigonality, source="third complex moment"),
)
