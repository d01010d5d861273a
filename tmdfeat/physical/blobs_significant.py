"""Significant peaks and pits of a map: what stands out by at least 5 % of Sz.

A peak is significant if it stands at least that high above the saddle to a higher one (Wolf
pruning). That height is its persistence as an island of the sinking level, so no watersheds are
needed. Pits are the peaks of -z. Peaks at the map's edge count.
"""

from functools import cached_property

import numpy as np

from tmdfeat.physical.arrays import check_pixel_size
from tmdfeat.physical.height import heights
from tmdfeat.physical.topology_pairs import islands

PRUNING = 0.05  # of Sz


class Peaks:
    """Significant peaks and pits of a map.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        self.heights = heights(z)
        self.pixel_size = check_pixel_size(pixel_size)

    @cached_property
    def peaks(self) -> np.ndarray:
        """Rows and columns of the significant peaks, shape (n, 2), the highest first."""
        return _significant(self.heights.unit)

    @cached_property
    def pits(self) -> np.ndarray:
        """Rows and columns of the significant pits, shape (n, 2), the deepest first."""
        return _significant(-self.heights.unit)

    def curvature(self, places) -> float:
        """Mean of half the Laplacian at places off the edge, 1/nm; NaN without any."""
        z, (dy, dx) = self.heights.unit, self.pixel_size
        inside = (places > 0) & (places < np.array(z.shape) - 1)
        y, x = places[inside.all(axis=1)].T
        if not y.size:
            return np.nan
        down = (z[y + 1, x] - 2 * z[y, x] + z[y - 1, x]) / dy**2
        right = (z[y, x + 1] - 2 * z[y, x] + z[y, x - 1]) / dx**2
        return self.heights.size * float(np.mean(down + right)) / 2


def _significant(z):
    flat, span = z.ravel(), np.ptp(z)
    if not span:
        return np.zeros((0, 2), np.intp)
    peaks, saddles = islands(z).T
    peaks = peaks[flat[peaks] - flat[saddles] >= PRUNING * span]
    peaks = np.append(np.argmax(flat), peaks)  # the highest never dies
    peaks = peaks[np.argsort(-flat[peaks], kind="stable")]
    return np.column_stack(np.unravel_index(peaks, z.shape))


def peaks(z, pixel_size=1.0) -> Peaks:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Peaks) else Peaks(z, pixel_size)
