"""Spatial family, second part: how height differences grow with distance.

The height-height correlation function is the mean of (z(x + r) - z(x))^2 over all pairs of
pixels a distance r apart. The same conventions as in `spatial_acf`.
"""

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.spatial_acf import SMALLEST, Autocorrelation, autocorrelation

NEAREST, FARTHEST = 2, 1 / 8  # of the fit: pixels, share of the shorter side
PER_OCTAVE = 2


def height_differences(z, pixel_size=1.0, reach=np.inf) -> np.ndarray:
    """Mean squared height difference at each lag, nm2, exact over all pairs.

    Parameters
    ----------
    z, pixel_size : as everywhere in this family
    reach : float, nm
        Largest lag along either axis; half the shorter side at most.

    Returns
    -------
    array of shape (R+1, 2C+1)
        Lags of 0 to R rows and -C to C columns.

    Examples
    --------
    >>> ramp = np.tile(3.0 * np.arange(16), (16, 1))
    >>> height_differences(ramp, reach=3.0)[0].round(9)  # lags -3 to 3 along columns
    array([81., 36.,  9.,  0.,  9., 36., 81.])
    """
    a = autocorrelation(z, pixel_size)
    return a.size**2 * _unit_differences(a, reach)


def _unit_differences(a: Autocorrelation, reach: float) -> np.ndarray:
    wanted = (int(min(reach, a.reach) / d) for d in a.pixel_size)
    rows, columns = (min(n, lag) for n, lag in zip(wanted, a.lags, strict=True))
    window = np.s_[: rows + 1, a.lags[1] - columns : a.lags[1] + columns + 1]
    differences = (_squares(a, rows, columns) - 2 * a.products[window]) / a.pairs[window]
    return np.maximum(differences, 0)  # rounding alone is below 0


def _squares(a: Autocorrelation, rows: int, columns: int) -> np.ndarray:
    """Sum of z(x)^2 + z(x + r)^2 over all pairs at each lag, from sums over rectangles."""
    height, width = a.unit.shape
    table = np.zeros((height + 1, width + 1))
    np.cumsum(np.cumsum(a.unit**2, axis=0), axis=1, out=table[1:, 1:])
    down, across = np.arange(rows + 1)[:, None], np.arange(columns + 1)
    # Lags to the right: where the first pixels lie, then the second; to the left the same.
    right = table[height - down, width - across] + (
        table[height, width] - table[down, width] - table[height, across] + table[down, across]
    )
    left = (table[height - down, width] - table[height - down, across]) + (
        table[height, width - across] - table[down, width - across]
    )
    return np.hstack([left[:, :0:-1], right])


def difference_slope(z, pixel_size=1.0) -> float:
    """Exponent, 2H, with which squared height differences grow with distance.

    Least squares in the logarithms over rings half an octave wide, from 2 pixels to an eighth of
    the shorter side: 2 for a plane, 1 for a random walk, 0 for noise. Lower than 2H where H is
    large, since a map holds no waves longer than itself; compare `spectral_slope`. Unchanged by
    an offset, a factor, quarter turns and flips. NaN for flat maps and below 32 pixels.

    Examples
    --------
    >>> y, x = np.mgrid[:32, :32]
    >>> round(difference_slope(3.0 * x + y), 2)
    2.0
    """
    a = autocorrelation(z, pixel_size)
    nearest, farthest = NEAREST * max(a.pixel_size), FARTHEST * 2 * a.reach
    rings = int(PER_OCTAVE * np.log2(farthest / nearest) + 1e-9) + 1
    if not a.defined or rings < 3:
        return np.nan
    field = _unit_differences(a, 1.25 * farthest)
    growth, square = _ring_means(field, a.pixel_size, nearest, rings)
    return float(2 * np.polyfit(np.log(square), np.log(growth), 1)[0]) if growth.all() else np.nan


def _ring_means(field, pixel_size, nearest: float, rings: int):
    """Mean of the field and of the squared distance, over rings of the lags."""
    rows, columns = field.shape[0] - 1, field.shape[1] // 2
    y, x = np.mgrid[: rows + 1, -columns : columns + 1]
    square = (y * pixel_size[0]) ** 2.0 + (x * pixel_size[1]) ** 2.0
    once = (y > 0) | (x > 0)  # the other lags of row 0 are mirror images
    square, field = square[once], field[once]
    ring = np.rint(PER_OCTAVE / 2 * np.log2(square / nearest**2)).astype(int)
    inside = (ring >= 0) & (ring < rings)
    count, *sums = (
        np.bincount(ring[inside], weight, rings) for weight in (None, field[inside], square[inside])
    )
    return [total / count for total in sums]


DESCRIPTORS = (
    Descriptor(
        "hhcf_slope",
        difference_slope,
        family="spatial",
        source="doi:10.1103/PhysRevB.38.2297",
        unit_px="px",
        needs=("pixel_size",),
        minimum=SMALLEST,
        prepare=Autocorrelation,
    ),
)
