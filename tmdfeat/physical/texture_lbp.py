"""Texture family, second part: local binary patterns at three radii.

Each of the eight neighbours at (0, +-r) and (+-r, +-r) pixels is at least as high as the centre
or not. The neighbours are pixels, not interpolated, so the patterns see nothing but the order of
heights: any rising function of them changes nothing. Pixels with all neighbours inside the map.
"""

from functools import partial

import numpy as np
from numba import njit

from tmdfeat.physical.arrays import check_heights, is_flat
from tmdfeat.physical.descriptor import Descriptor

RADII = (1, 2, 4)  # px
OTHER = 9  # bin of the patterns that are not uniform


def _bins() -> np.ndarray:
    """Bin of each of the 256 patterns: how many neighbours are high, if they stand together."""
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    changes = np.abs(bits - np.roll(bits, 1, axis=1)).sum(axis=1)
    return np.where(changes <= 2, bits.sum(axis=1), OTHER)


BINS = _bins()


def pattern_histogram(z, radius: int = 1) -> np.ndarray:
    """Shares of the ten rotation-invariant uniform patterns.

    Parameters
    ----------
    z : array of shape (H, W)
    radius : int
        Half the side of the ring of neighbours, pixels.

    Returns
    -------
    array of shape (10,)
        Shares, which sum to 1, of pixels with 0 to 8 high neighbours in one arc, and of all
        other patterns. NaN if the ring does not fit into the map.

    Examples
    --------
    >>> pattern_histogram([[0, 0, 0], [0, 1, 0], [0, 0, 0]])[:2]  # none higher than a peak
    array([1., 0.])
    """
    z = check_heights(z)
    rows, columns = (side - 2 * radius for side in z.shape)
    if rows < 1 or columns < 1:
        return np.full(10, np.nan)
    if is_flat(z):
        z = np.zeros_like(z)
    counts = _count(np.ascontiguousarray(z), radius)
    return np.bincount(BINS, weights=counts, minlength=10) / (rows * columns)


@njit(cache=True)
def _count(z, radius):
    """How often each of the 256 patterns occurs."""
    far, columns = 2 * radius, z.shape[1] - 2 * radius
    counts, pattern = np.zeros(256, np.int64), np.empty(columns, np.uint8)
    for y in range(z.shape[0] - far):
        above, row, below = z[y], z[y + radius], z[y + far]
        for x in range(columns):
            here = row[x + radius]
            pattern[x] = (
                np.uint8(row[x + far] >= here)
                | np.uint8(below[x + far] >= here) << 1
                | np.uint8(below[x + radius] >= here) << 2
                | np.uint8(below[x] >= here) << 3
                | np.uint8(row[x] >= here) << 4
                | np.uint8(above[x] >= here) << 5
                | np.uint8(above[x + radius] >= here) << 6
                | np.uint8(above[x + far] >= here) << 7
            )
        for code in pattern:
            counts[code] += 1
    return counts


class Patterns:
    """Pattern histograms of a map, each computed when first asked for.

    The functions of this family take an array or this.

    Parameters
    ----------
    z : array of shape (H, W)
    """

    def __init__(self, z):
        self.z = check_heights(z)
        self._histograms: dict[int, np.ndarray] = {}

    def histogram(self, radius: int) -> np.ndarray:
        """Shares of the ten patterns, shape (10,)."""
        if radius not in self._histograms:
            self._histograms[radius] = pattern_histogram(self.z, radius)
        return self._histograms[radius]


def pattern_share(z, high: int = 8, radius: int = 1) -> float:
    """Share of pixels with so many high neighbours in one arc (9: in more than one arc).

    Unchanged by every rising function of the heights, quarter turns and flips.

    Examples
    --------
    >>> pattern_share([[0, 0, 0], [0, 1, 0], [0, 0, 0]], high=0)
    1.0
    """
    patterns = z if isinstance(z, Patterns) else Patterns(z)
    return float(patterns.histogram(radius)[high])


def _summary(high: int, radius: int) -> str:
    if high == OTHER:
        return f"Share of pixels whose higher neighbours at {radius} px form more than one arc."
    return (
        f"Share of pixels with {high} of 8 neighbours at {radius} px as high or higher, in one arc."
    )


DESCRIPTORS = tuple(
    Descriptor(
        f"lbp_r{radius}_{'other' if high == OTHER else high}",
        partial(pattern_share, high=high, radius=radius),
        family="texture",
        source="doi:10.1109/TPAMI.2002.1017623",
        minimum=(2 * radius + 1, 2 * radius + 1),
        prepare=Patterns,
        summary=_summary(high, radius),
    )
    for radius in RADII
    for high in range(10)
)
