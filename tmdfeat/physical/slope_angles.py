"""Slope family, third part: the distribution of facet inclinations.

A facet is the plane fitted to a 2x2 cell: the mean of its two forward differences along each
axis. Inclination is its angle to the horizontal, 0 to 90 degrees. The same conventions as in
`slope`.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.row_blocks import block_map, block_mean
from tmdfeat.physical.slope import Slopes, slopes

BINS = 8  # bins per Sdq, and axis, of the gradient histogram


def _standard_mean(s: Slopes, of) -> float:
    """Mean of a function of inclinations of mean 0 and deviation 1; NaN if they do not differ."""
    if not np.ptp(s.inclination) > np.degrees(s.noise):
        return np.nan
    mean = s.inclination.mean()
    deviation = np.sqrt(block_mean(lambda angle: np.square(angle - mean), s.inclination))
    return block_mean(lambda angle: of((angle - mean) / deviation), s.inclination)


def mean_inclination(z, pixel_size=1.0) -> float:
    """Mean facet inclination, degrees.

    Examples
    --------
    >>> round(mean_inclination([[0, 1, 2], [0, 1, 2], [0, 1, 2]]), 9)
    45.0
    """
    return float(np.mean(slopes(z, pixel_size).inclination))


def inclination_deviation(z, pixel_size=1.0) -> float:
    """Standard deviation of the facet inclination, degrees.

    Examples
    --------
    >>> round(inclination_deviation([[0, 1, 1], [0, 1, 1], [0, 1, 1]]), 9)  # 45 and 0 degrees
    22.5
    """
    angle = slopes(z, pixel_size).inclination
    mean = angle.mean()
    return float(np.sqrt(block_mean(lambda a: np.square(a - mean), angle)))


def inclination_skewness(z, pixel_size=1.0) -> float:
    """Skewness of the facet inclination; NaN if all facets are inclined alike.

    Examples
    --------
    >>> round(inclination_skewness([[0, 1, 1, 1, 1]] * 3), 4)  # one facet of four inclined
    1.1547
    """
    return _standard_mean(slopes(z, pixel_size), lambda u: u * u * u)


def inclination_kurtosis(z, pixel_size=1.0) -> float:
    """Kurtosis of the facet inclination (not the excess); NaN if all are inclined alike.

    Examples
    --------
    >>> round(inclination_kurtosis([[0, 1, 1], [0, 1, 1], [0, 1, 1]]), 9)
    1.0
    """
    return _standard_mean(slopes(z, pixel_size), lambda u: np.square(u * u))


def modal_inclination(z, pixel_size=1.0) -> float:
    """Inclination of the most frequent facet, degrees: 0 for flat terraces.

    The fullest bin of the two-dimensional gradient histogram, with bins of Sdq / 8 centred on
    the horizontal; the inclination of the mean gradient in it. Of equally full bins, the least
    inclined.

    Examples
    --------
    >>> round(modal_inclination([[0, 1, 2, 3, 3]] * 3), 9)
    45.0
    """
    s = slopes(z, pixel_size)
    down, right = s.facets
    width = np.sqrt(block_mean(np.square, down) + block_mean(np.square, right)) / BINS
    if not width > s.noise:
        return 0.0 * float(width)  # NaN stays NaN
    span = 2 * np.rint(max(right.max(), -right.min()) / width) + 1
    cell = block_map(lambda y, x: np.rint(y / width) * span + np.rint(x / width), down, right)
    cells, counts = np.unique(cell, return_counts=True)
    fullest = cells[counts == counts.max()]
    steepness = min(np.hypot(*(g[cell == one].mean() for g in (down, right))) for one in fullest)
    return float(np.degrees(np.arctan(steepness)))


_angle = partial(
    Descriptor,
    family="slope",
    source="moments of the facet inclination",
    unit="deg",
    unit_px="deg rel px",
    needs=("z_nm", "pixel_size"),
    minimum=(3, 3),
    prepare=Slopes,
)
_ratio = partial(_angle, unit="-", unit_px="rel px")

DESCRIPTORS = (
    _angle("theta_mean", mean_inclination),
    _angle("theta_std", inclination_deviation),
    _ratio("theta_skew", inclination_skewness),
    _ratio("theta_kurt", inclination_kurtosis),
    _angle("theta_mode", modal_inclination, source="mode of the local gradients (facet levelling)"),
)
