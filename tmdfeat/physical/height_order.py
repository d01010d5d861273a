"""Height family, second part: order statistics.

The same conventions as in `height`: arrays of shape (H, W), in nm, levelled.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.height import Heights, heights

PERCENTS = (1, 5, 10, 25, 75, 90, 95, 99)


def _quantile(h: Heights, percent) -> np.ndarray:
    position = np.asarray(percent) / 100 * (h.sorted.size - 1)
    below = np.floor(position).astype(np.int64)
    low, high = h.sorted[below], h.sorted[np.minimum(below + 1, h.sorted.size - 1)]
    return low + (position - below) * (high - low)


def percentile(z, percent) -> float:
    """Height below which `percent` of the map lies, from the median, nm.

    Linear between the two nearest order statistics.

    Examples
    --------
    >>> round(percentile([[0.0, 1.0, 2.0, 3.0, 90.0]], 75), 9)
    1.0
    """
    h = heights(z)
    low, middle = _quantile(h, [percent, 50])
    return h.size * float(low - middle)


def robust_total_height(z) -> float:
    """Height between the percentiles 0.5 and 99.5, nm: a twin of Sz that outliers do not move.

    Not an ISO parameter.

    Examples
    --------
    >>> robust_total_height([[0.0, 1000.0]])
    990.0
    """
    h = heights(z)
    low, high = _quantile(h, [0.5, 99.5])
    return h.size * float(high - low)


def median_height(z) -> float:
    """Median height, from the mean, nm; negative where peaks stand out of a plain.

    Examples
    --------
    >>> median_height([[0.0, 0.0], [0.0, 4.0]])
    -1.0
    """
    h = heights(z)
    return h.size * float(_quantile(h, 50))


def median_absolute_deviation(z) -> float:
    """Median distance from the median, nm; not scaled to Sq.

    Examples
    --------
    >>> round(median_absolute_deviation([[0.0, 1.0, 2.0, 3.0, 90.0]]), 9)
    1.0
    """
    h = heights(z)
    return h.size * float(np.median(np.abs(h.unit - _quantile(h, 50))))


def interquartile_range(z) -> float:
    """Height between the percentiles 25 and 75, nm.

    Examples
    --------
    >>> round(interquartile_range([[0.0, 1.0, 2.0, 3.0, 90.0]]), 9)
    2.0
    """
    h = heights(z)
    low, high = _quantile(h, [25, 75])
    return h.size * float(high - low)


_length = partial(
    Descriptor,
    family="height",
    missing="mask",
    source="order statistics",
    unit="nm",
    unit_px="rel",
    needs=("z_nm",),
    prepare=Heights,
)

DESCRIPTORS = (
    _length("Sz_robust", robust_total_height),
    _length("median", median_height),
    _length("MAD", median_absolute_deviation),
    _length("IQR", interquartile_range),
    *(
        _length(
            f"p{percent:02d}",
            partial(percentile, percent=percent),
            summary=f"Height below which {percent} % of the map lies, from the median, nm.",
        )
        for percent in PERCENTS
    ),
)
