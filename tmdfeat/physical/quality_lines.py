"""Quality family, second part: what scanning line by line leaves: row offsets and scars.

Rows are the fast axis, so nothing here survives a quarter turn.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.arrays import check_heights, is_flat
from tmdfeat.physical.descriptor import Descriptor

GAUSSIAN = 1.4826  # standard deviation over the median absolute deviation
THRESHOLD = 3.0  # standard deviations between adjacent rows
LENGTH = 16  # px
ROUNDING = 1e-12  # of the largest height: differences below are none


class Rows:
    """Heights in units of the largest, and the differences between adjacent rows.

    The functions of this family take an array or this.

    Parameters
    ----------
    z : array of shape (H, W)
    """

    def __init__(self, z):
        z = check_heights(z)
        self.size = 0.0 if is_flat(z) else float(np.abs(z).max())
        self.unit = z / self.size if self.size else np.zeros_like(z)

    @cached_property
    def steps(self) -> np.ndarray:
        """Each row less the one above, shape (H-1, W)."""
        return np.diff(self.unit, axis=0)


def rows(z) -> Rows:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Rows) else Rows(z)


def _deviation(a: np.ndarray) -> float:
    return GAUSSIAN * float(np.median(np.abs(a - np.median(a))))


def row_noise(z) -> float:
    """Standard deviation of the offsets between rows, nm, from the median of each step.

    The spread (median absolute deviation, scaled to Gaussian) of the median differences between
    adjacent rows, over sqrt(2). The surface itself counts too where it rises unevenly along the
    slow axis. Unchanged by an offset, a tilt and flips; proportional to z. NaN below 3 rows.

    Examples
    --------
    >>> round(row_noise([[0] * 4, [2] * 4, [1] * 4, [2] * 4]), 4)  # 1.4826 / sqrt(2)
    1.0484
    """
    r = rows(z)
    if len(r.steps) < 2:
        return np.nan
    return r.size * _deviation(np.median(r.steps, axis=1)) / float(np.sqrt(2))


def scar_fraction(z) -> float:
    """Share of pixels on scars: runs in one row that stand above, or lie below, both neighbours.

    By more than 3 standard deviations of the difference between adjacent rows, over 16 pixels at
    least. Unchanged by an offset, a factor and flips. NaN below 3 rows.

    Examples
    --------
    >>> z = np.zeros((10, 40))
    >>> z[4, 5:25] = 1.0
    >>> scar_fraction(z)
    0.05
    """
    steps = rows(z).steps
    if len(steps) < 2:
        return np.nan
    limit = THRESHOLD * _deviation(steps) + ROUNDING
    above = np.minimum(steps[:-1], -steps[1:]) > limit
    below = np.minimum(-steps[:-1], steps[1:]) > limit
    found = _in_long_runs(above) + _in_long_runs(below)
    return found / (steps.size + steps.shape[1])


def _in_long_runs(flags: np.ndarray) -> int:
    """Count the pixels in runs along rows of at least `LENGTH`."""
    edges = np.flatnonzero(np.diff(np.pad(flags, ((0, 0), (1, 1))).ravel()))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= LENGTH].sum())


_lines = partial(
    Descriptor, family="quality", source="robust statistics of row differences", prepare=Rows
)

DESCRIPTORS = (
    _lines("row_noise", row_noise, unit="nm", unit_px="rel", needs=("z_nm",), minimum=(3, 2)),
    _lines("scar_fraction", scar_fraction, minimum=(3, 2)),
)
