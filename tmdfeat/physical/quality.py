"""Quality family, first part: frame, tilt and digits of a scan.

What this family measures is the instrument and its settings, not the surface. It is no default:
a classifier that sees it may learn which microscope took which sample.
"""

import math
from functools import partial

import numpy as np

from tmdfeat.physical.arrays import check_heights, check_pixel_size, is_flat
from tmdfeat.physical.descriptor import Descriptor

DIGITS = 1e-9  # gaps below this share of the largest height are rounding of one value


def pixel_count(z) -> float:
    """Number of pixels.

    Examples
    --------
    >>> pixel_count([[0, 1, 2], [0, 1, 2]])
    6.0
    """
    return float(check_heights(z).size)


def scan_size(z, pixel_size=1.0) -> float:
    """Square root of the scanned area, nm.

    Examples
    --------
    >>> scan_size([[0, 1], [0, 1]], pixel_size=(1.0, 4.0))
    4.0
    """
    rows, columns = check_heights(z).shape
    dy, dx = check_pixel_size(pixel_size)
    return float(np.sqrt(rows * dy * columns * dx))


def aspect(z, pixel_size=1.0) -> float:
    """Length of the slow axis over that of the fast axis: below 1 for a scan that was stopped.

    Examples
    --------
    >>> aspect([[0, 1, 2, 3], [0, 1, 2, 3]])
    0.5
    """
    rows, columns = check_heights(z).shape
    dy, dx = check_pixel_size(pixel_size)
    return rows * dy / (columns * dx)


def tilt_left(z, pixel_size=1.0) -> float:
    """Slope of the least-squares plane, nm/nm: 0 on a levelled map.

    Unchanged by an offset, quarter turns and flips; proportional to z.

    Examples
    --------
    >>> round(tilt_left([[0, 3, 6], [4, 7, 10], [8, 11, 14]]), 9)
    5.0
    """
    z = check_heights(z)
    if is_flat(z):
        return 0.0
    size = float(np.abs(z).max())
    slopes = []
    for axis, step in enumerate(check_pixel_size(pixel_size)):
        profile = (z / size).mean(axis=1 - axis)
        place = step * (np.arange(len(profile)) - (len(profile) - 1) / 2)
        square = float(place @ place)
        slopes.append(float(place @ (profile - profile.mean())) / square if square else 0.0)
    return size * math.hypot(*slopes)


def quantisation_step(z) -> float:
    """Median gap between neighbours among the distinct heights, nm.

    The converter's step as long as the map is as it was read and holds most of the steps. After
    levelling every height is distinct and the gap only says how densely they lie: about the
    range over the number of pixels. 0 for a flat map.

    Examples
    --------
    >>> quantisation_step([[0.5, 1.0, 2.0], [1.5, 1.0, 0.5]])
    0.5
    """
    z = check_heights(z)
    gaps = np.diff(np.unique(z))
    gaps = gaps[gaps > DIGITS * float(np.abs(z).max())]
    return float(np.median(gaps)) if gaps.size else 0.0


_quality = partial(Descriptor, family="quality", source="least squares and order statistics")
_frame = partial(_quality, source="definition", needs=("pixel_size",))

DESCRIPTORS = (
    _quality("pixel_count", pixel_count, source="definition"),
    _frame("scan_size", scan_size, unit="nm", unit_px="px"),
    _frame("aspect", aspect, unit_px="px"),
    _quality("tilt_left", tilt_left, unit_px="rel/px", needs=("z_nm", "pixel_size")),
    _quality("quantisation_step", quantisation_step, unit="nm", unit_px="rel", needs=("z_nm",)),
)
