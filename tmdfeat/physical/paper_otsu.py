"""Otsu's threshold with a fast count of the 256 bins."""

import numpy as np
from numba import njit
from skimage.filters import threshold_otsu

BINS = 256


def otsu(image) -> float:
    """Threshold of ``skimage.filters.threshold_otsu``, the very same number.

    Parameters
    ----------
    image : array of shape (H, W)

    Returns
    -------
    float
        For an image of one value, that value.

    Examples
    --------
    >>> from skimage.filters import threshold_otsu
    >>> image = np.arange(12.0).reshape(3, 4) ** 2
    >>> bool(otsu(image) == threshold_otsu(image))
    True
    """
    low, high = float(image.min()), float(image.max())
    if low == high:
        return low
    edges = np.linspace(low, high, BINS + 1)
    counts = _count(image.ravel(), edges, BINS / (high - low))
    return float(threshold_otsu(hist=(counts, (edges[:-1] + edges[1:]) / 2)))


@njit(cache=True)
def _count(values, edges, per_unit):
    """As `np.histogram`: the edges decide, the division only says where to look."""
    counts = np.zeros(BINS, np.int64)
    for value in values:
        i = min(int((value - edges[0]) * per_unit), BINS - 1)
        if value < edges[i]:
            i -= 1
        elif i < BINS - 1 and value >= edges[i + 1]:
            i += 1
        counts[i] += 1
    return counts
