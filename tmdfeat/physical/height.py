"""Height family, first part: moments and extremes of the heights (ISO 25178-2).

Each function takes an array of shape (H, W), in nm, levelled: a tilt left in is counted.
Heights are measured from their mean. A flat map has amplitudes 0 and undefined ratios (NaN).
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.arrays import about_mean, check_heights, in_units
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.row_blocks import block_mean

ISO = "ISO 25178-2:2021"


class Heights:
    """Heights about their mean, in units of the largest of them, so that no power overflows.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)

    Attributes
    ----------
    size : float
        Largest absolute deviation from the mean; 0 for a flat map.
    unit : array of shape (H, W)
        (z - mean) / size, between -1 and 1; all 0 for a flat map.
    """

    def __init__(self, z):
        z = check_heights(z)
        self.size, self.unit = in_units(about_mean(z))

    def mean(self, of) -> float:
        """Mean of a function of `unit`."""
        return block_mean(of, self.unit.reshape(-1))

    @cached_property
    def rms(self) -> float:
        """Root mean square of `unit`."""
        return float(np.sqrt(self.mean(np.square)))

    @cached_property
    def sorted(self) -> np.ndarray:
        """All values of `unit` in ascending order, shape (H * W,)."""
        return np.sort(self.unit, axis=None)


def heights(z) -> Heights:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Heights) else Heights(z)


def rms_height(z) -> float:
    """Root mean square height Sq, about the mean, nm.

    Unchanged by an offset, quarter turns and flips; proportional to z.

    Examples
    --------
    >>> rms_height([[0.0, 2.0], [2.0, 0.0]])
    1.0
    """
    h = heights(z)
    return h.size * h.rms


def mean_deviation(z) -> float:
    """Arithmetic mean height Sa: mean distance from the mean, nm.

    Examples
    --------
    >>> mean_deviation([[0.0, 0.0], [0.0, 4.0]])
    1.5
    """
    h = heights(z)
    return h.size * h.mean(np.abs)


def skewness(z) -> float:
    """Skewness Ssk: mean cubed height over Sq cubed; NaN for a flat map.

    Unchanged by an offset and a positive factor; the sign turns when the map is inverted.

    Examples
    --------
    >>> round(skewness([[0.0, 0.0], [0.0, 4.0]]), 4)
    1.1547
    """
    h = heights(z)
    return h.mean(lambda u: u * u * u) / h.rms**3 if h.size else np.nan


def kurtosis(z) -> float:
    """Kurtosis Sku: mean fourth power over Sq to the fourth, 3 for Gaussian heights.

    Not the excess; NaN for a flat map.

    Examples
    --------
    >>> kurtosis([[0.0, 2.0], [2.0, 0.0]])
    1.0
    """
    h = heights(z)
    return h.mean(lambda u: np.square(u * u)) / h.rms**4 if h.size else np.nan


def peak_height(z) -> float:
    """Maximum peak height Sp: highest point above the mean, nm.

    Examples
    --------
    >>> peak_height([[0.0, 0.0], [0.0, 4.0]])
    3.0
    """
    h = heights(z)
    return h.size * float(h.unit.max())


def pit_depth(z) -> float:
    """Maximum pit depth Sv: lowest point below the mean, nm, positive.

    Examples
    --------
    >>> pit_depth([[0.0, 0.0], [0.0, 4.0]])
    1.0
    """
    h = heights(z)
    return -h.size * float(h.unit.min()) if h.size else 0.0


def total_height(z) -> float:
    """Maximum height Sz = Sp + Sv, nm; one outlier decides it.

    Examples
    --------
    >>> total_height([[0.0, 0.0], [0.0, 4.0]])
    4.0
    """
    return peak_height(h := heights(z)) + pit_depth(h)


_height = partial(Descriptor, family="height", source=ISO, missing="mask", prepare=Heights)
_length = partial(_height, unit="nm", unit_px="rel", needs=("z_nm",))

DESCRIPTORS = (
    _length("Sq", rms_height),
    _length("Sa", mean_deviation),
    _height("Ssk", skewness),
    _height("Sku", kurtosis),
    _length("Sp", peak_height),
    _length("Sv", pit_depth),
    _length("Sz", total_height),
)
