"""Local family, first part: how roughness and high ground are spread, window by window.

Each function takes heights (H, W), the pixel size and the side of a window in the same unit, nm
(with pixel size 1, pixels). Windows are slid pixel by pixel and lie inside the map. A window of
under 3 pixels or larger than the map gives NaN.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.arrays import about_mean, check_heights, check_pixel_size, in_units
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.local_windows import window_mean, window_shape, window_variance
from tmdfeat.physical.row_blocks import block_map, block_mean

WINDOWS = (16, 32, 64, 128)
# Below these, in units of the largest height and of its square, differences are rounding.
NOISE, NOISE_SQUARED = 1e-14, 1e-13


class LocalMap:
    """Heights about their mean, in units of the largest, and the spread in each window.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        deviation = about_mean(z)
        # A pixel within rounding of the mean lies on it, whatever offset the map has.
        rounding = NOISE * float(max(z.max(), -z.min()))
        self.high = block_map(lambda d: d > rounding, deviation)
        self.size, self.unit = in_units(deviation)
        self._spreads: dict[tuple[int, int], np.ndarray] = {}

    def window(self, side: float) -> tuple[int, int] | None:
        """Rows and columns of a window, None if it does not suit the map."""
        return window_shape(side, self.pixel_size, self.unit.shape)

    def spread(self, window: tuple[int, int]) -> np.ndarray:
        """Standard deviation in each window, in units of `size`."""
        if window not in self._spreads:
            variance = window_variance(self.unit, window)
            self._spreads[window] = block_map(_deviation, variance)
        return self._spreads[window]


def _deviation(variance):
    return np.sqrt(np.where(variance < NOISE_SQUARED, 0.0, variance))


def local_map(z, pixel_size=1.0) -> LocalMap:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, LocalMap) else LocalMap(z, pixel_size)


def local_deviation(z, pixel_size=1.0, window: float = 16) -> float:
    """Mean over windows of the standard deviation in them, nm.

    Unchanged by an offset, quarter turns and flips; proportional to z.

    Examples
    --------
    >>> local_deviation([[0, 3, 6, 9]] * 3, window=3)  # sqrt(6)
    2.449489742783178
    """
    local = local_map(z, pixel_size)
    shape = local.window(window)
    return np.nan if shape is None else local.size * float(local.spread(shape).mean())


def local_deviation_high(z, pixel_size=1.0, window: float = 16) -> float:
    """Standard deviation in windows that 90 % of them stay below, nm.

    Unchanged by an offset, quarter turns and flips; proportional to z.

    Examples
    --------
    >>> round(local_deviation_high([[0, 3, 6, 9]] * 3, window=3), 9)
    2.449489743
    """
    local = local_map(z, pixel_size)
    shape = local.window(window)
    return np.nan if shape is None else local.size * float(np.percentile(local.spread(shape), 90))


def local_deviation_variation(z, pixel_size=1.0, window: float = 16) -> float:
    """Coefficient of variation of the standard deviation in windows: 0 if all are equally rough.

    Unchanged by an offset, a factor, quarter turns and flips. NaN for a flat map.

    Examples
    --------
    >>> local_deviation_variation([[0, 0, 0, 0, 9, 9, 9, 9]] * 3, window=3)  # 4 of 6 flat
    1.4142135623730951
    """
    local = local_map(z, pixel_size)
    shape = local.window(window)
    if shape is None or not local.size:
        return np.nan
    spread = local.spread(shape)
    mean = float(spread.mean())
    return (
        float(np.sqrt(block_mean(lambda s: np.square(s - mean), spread))) / mean if mean else np.nan
    )


def lacunarity(z, pixel_size=1.0, window: float = 16) -> float:
    """Lacunarity <M^2> / <M>^2 of the ground above the mean height, M its area in a window.

    1 if all windows hold the same share, 1 / coverage if each is wholly high or low. For pixels
    high at random with share c: 1 + (1 - c) / (c n) with n pixels in a window. Unchanged by an
    offset, a positive factor, quarter turns and flips. NaN for a flat map.

    Examples
    --------
    >>> lacunarity([[0, 0, 0, 1, 1, 1]] * 3, window=3)  # masses 0, 3, 6, 9
    1.5555555555555556
    """
    local = local_map(z, pixel_size)
    shape = local.window(window)
    if shape is None or not local.size:
        return np.nan
    mass = window_mean(local.high, shape)
    mean = float(mass.mean())
    return block_mean(np.square, mass) / mean**2 if mean else np.nan


ALLAIN = "doi:10.1103/PhysRevA.44.3552"

_ratio = partial(
    Descriptor,
    family="local",
    source="standard deviation in sliding windows",
    unit_px="px",
    needs=("pixel_size",),
    prepare=LocalMap,
)
_length = partial(_ratio, unit="nm", unit_px="rel", needs=("z_nm", "pixel_size"))
_KINDS = (
    (_length, "local_std_w{}_mean", local_deviation, "Mean of the standard deviation in"),
    (_length, "local_std_w{}_p90", local_deviation_high, "90 % limit of the standard deviation in"),
    (_ratio, "local_std_w{}_cv", local_deviation_variation, "Variation of the roughness of"),
    (partial(_ratio, source=ALLAIN), "lacunarity_w{}", lacunarity, "Lacunarity of high ground in"),
)

DESCRIPTORS = tuple(
    entry(
        name.format(window),
        partial(function, window=window),
        summary=f"{text} windows of {window} nm (px).",
    )
    for entry, name, function, text in _KINDS
    for window in WINDOWS
)
