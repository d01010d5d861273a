"""Domains family, fourth part: heights and volumes of islands.

The same conventions as in `domains`, with heights in nm.
"""

from functools import partial

import cv2
import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.domains import islands
from tmdfeat.physical.segmentation_film import Film
from tmdfeat.physical.segmentation_result import Segments

GAP = 1.5  # px from the outline, where neither side of it reaches
WIDE = 5.5  # px, outer edge of the ground around an island


def island_heights(z, pixel_size=1.0) -> np.ndarray:
    """Heights of islands above the ground around each, nm, shape (n,).

    Mean height of the island without its rim, minus that of the ground from 1.5 to 5.5 px away
    that is nearer to no other island. NaN where one of the two has no pixel.

    Examples
    --------
    >>> z = np.add.outer(np.zeros(40), 0.001 * np.arange(40))  # on a slope
    >>> z[15:25, 15:25] += 0.65
    >>> island_heights(z, 4.0).round(6)
    array([0.65])
    """
    found = islands(z, pixel_size)
    inside = found.labels > 0
    if found.n == 0 or inside.all():
        return np.full(found.n, np.nan)
    deep = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 5) > GAP
    owner, away = _owners(found.labels)
    ground = (away > GAP) & (away < WIDE)
    return _means(found, found.labels, deep) - _means(found, owner, ground)


def _owners(labels):
    """For each pixel outside of islands, the nearest one and its distance in px."""
    outside = (labels == 0).astype(np.uint8)
    away, nearest = cv2.distanceTransformWithLabels(
        outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    # OpenCV numbers the zero pixels in its own way: look up which island each number is in.
    table = np.zeros(nearest.max() + 1, np.int32)
    table[nearest[labels > 0]] = labels[labels > 0]
    return table[nearest], away


def _means(found: Segments, owner, where):
    labels, z = owner[where], found.z[where]
    count = np.bincount(labels, minlength=found.n + 1)[1:]
    total = np.bincount(labels, z - z.mean() if z.size else z, minlength=found.n + 1)[1:]
    middle = z.mean() if z.size else np.nan
    return np.where(count > 0, total / np.maximum(count, 1) + middle, np.nan)


def _median(values) -> float:
    values = values[~np.isnan(values)]
    return float(np.median(values)) if values.size else np.nan


def island_height(z, pixel_size=1.0) -> float:
    """Median height of islands above the ground around them, nm.

    A slope of the ground cancels. Unchanged by an offset; proportional to z. Quarter turns and
    flips matter by the few pixels of ground that are as near to one island as to another.
    """
    return _median(island_heights(z, pixel_size))


def island_volume(z, pixel_size=1.0) -> float:
    """Median volume of islands, nm3: area times height above the ground around.

    Examples
    --------
    >>> z = np.zeros((40, 40))
    >>> z[15:25, 15:25] = 0.65
    >>> round(island_volume(z, 4.0))  # 40 x 40 x 0.65
    1040
    """
    found = islands(z, pixel_size)
    return _median(island_heights(found) * found.moments.area)


_height = partial(
    Descriptor,
    family="domains",
    unit="nm",
    unit_px="rel",
    needs=("z_nm", "pixel_size"),
    minimum=(3, 3),
    prepare=Film,
    source="height above the ground around",
)
DESCRIPTORS = (
    _height("island_height", island_height),
    _height("island_volume", island_volume, unit="nm3", unit_px="rel px2"),
)
