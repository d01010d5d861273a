"""Slope family, second part: the distribution of facet inclinations.

A facet is the plane fitted to a 2x2 cell: the mean of its two forward differences along each
axis. Inclination is its angle to the horizontal, 0 to 90 degrees. The same conventions as in
`slope`.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.slope import Slopes, slopes

BINS = 8  # bins per Sdq, and axis, of the gradient histogram


def _inclination(s: Slopes) -> np.ndarray:
    return np.degrees(np.arctan(np.hypot(*s.facets)))


def _standard(s: Slopes) -> np.ndarray | None:
    """Inclinations with mean 0 and deviation 1, or None if they do not differ."""
    angle = _inclination(s)
    if not np.ptp(angle) > np.degrees(s.noise):
        return None
    angle -= angle.mean()
    return angle / np.sqrt(np.mean(angle**2))


def mean_inclination(z, pixel_size=1.0) -> float:
    """Mean facet inclination, degrees.

    Examples
    --------
    >>> round(mean_inclination([[0, 1, 2], [0, 1, 2], [0, 1, 2]]), 9)
    45.0
    """
    return float(np.mean(_inclination(slopes(z, pixel_size))))


def inclination_deviation(z, pixel_size=1.0) -> float:
    """Standard deviation of the facet inclination, degrees.

    Examples
    --------
    >>> round(inclination_deviation([[0, 1, 1], [0, 1, 1], [0, 1, 1]]), 9)  # 45 and 0 degrees
    22.5
    """
    return float(np.std(_inclination(slopes(z, pixel_size))))


def inclination_skewness(z, pixel_size=1.0) -> float:
    """Skewness of the facet inclination; NaN if all facets are inclined alike.

    Examples
    --------
    >>> round(inclination_skewness([[0, 1, 1, 1, 1]] * 3), 4)  # one facet of four inclined
    1.1547
    """
    u = _standard(slopes(z, pixel_size))
    return np.nan if u is None else float(np.mean(u * u * u))


def inclination_kurtosis(z, pixel_size=1.0) -> float:
    """Kurtosis of the facet inclination (not the excess); NaN if all are inclined alike.

    Examples
    --------
    >>> round(inclination_kurtosis([[0, 1, 1], [0, 1, 1], [0, 1, 1]]), 9)
    1.0
    """
    u = _standard(slopes(z, pixel_size))
    return np.nan if u is None else float(np.mean((u * u) ** 2))


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
    gradient = np.stack([g.ravel() for g in s.facets])
    width = np.sqrt(2 * np.mean(gradient**2)) / BINS
    if not width > s.noise:
        return 0.0 * float(width)  # NaN stays NaN
    row, column = np.rint(gradient / width).astype(np.int64)
    span = 2 * np.abs(column).max() + 1
    cell = row * span + column
    cells, counts = np.unique(cell, return_counts=True)
    fullest = cells[counts == counts.max()]
    steepness = min(np.hypot(*gradient[:, cell == one].mean(axis=1)) for one in fullest)
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
