"""Slope family, first part: gradients, Sdq and Sdr (ISO 25178-2, hybrid parameters).

Each function takes heights (H, W) and the pixel size in the same unit, nm: one number or
(dy, dx). Stencils are stated: a sine of n samples per period comes out lower by sin(pi/n)/(pi/n)
with forward differences (0.9745 for n = 8, 0.9936 for 16). Maps below 3x3 pixels give NaN.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.arrays import ROUNDING, about_mean, check_heights, check_pixel_size
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.row_blocks import block_map, block_mean

ISO = "ISO 25178-2:2021"
ISO7 = ((1, 45 / 60), (2, -9 / 60), (3, 1 / 60))  # k, weight of z(+k) - z(-k)


class Slopes:
    """Differences of neighbours, divided by the pixel size, of heights about their mean.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        # What rounding of the heights alone does to a slope.
        self.noise = ROUNDING * float(max(z.max(), -z.min())) / min(self.pixel_size)
        if min(z.shape) < 3:
            z = np.full((3, 3), np.nan)  # every value is then undefined, by arithmetic alone
        self.z = about_mean(z)

    @cached_property
    def forward(self) -> tuple[np.ndarray, np.ndarray]:
        """Forward differences along rows, (H-1, W), and along columns, (H, W-1)."""
        dy, dx = self.pixel_size
        return (
            block_map(lambda below, above: (below - above) / dy, self.z[1:], self.z[:-1]),
            block_map(lambda after, before: (after - before) / dx, self.z[:, 1:], self.z[:, :-1]),
        )

    @cached_property
    def facets(self) -> tuple[np.ndarray, np.ndarray]:
        """Gradient of the plane fitted to each 2x2 cell, two arrays (H-1, W-1)."""
        down, right = self.forward
        return (
            block_map(_half_sum, down[:, 1:], down[:, :-1]),
            block_map(_half_sum, right[1:], right[:-1]),
        )

    @cached_property
    def inclination(self) -> np.ndarray:
        """Angle of each facet to the horizontal, degrees, (H-1, W-1)."""
        return block_map(lambda y, x: np.degrees(np.arctan(np.hypot(y, x))), *self.facets)

    def mean_of_laplacian(self, of) -> float:
        """Mean of a function of the second central differences, summed over both axes."""
        down, right = self.forward[0][:, 1:-1], self.forward[1][1:-1]
        dy, dx = self.pixel_size
        return block_mean(
            lambda below, above, after, before: of((below - above) / dy + (after - before) / dx),
            down[1:],
            down[:-1],
            right[:, 1:],
            right[:, :-1],
        )


def _half_sum(a, b):
    return (a + b) / 2


def slopes(z, pixel_size=1.0) -> Slopes:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Slopes) else Slopes(z, pixel_size)


def rms_slope(z, pixel_size=1.0) -> float:
    """Root mean square gradient Sdq, nm/nm, from forward differences.

    Each axis is averaged over the differences that there are, (H-1) W and H (W-1). Unchanged
    by an offset, quarter turns and flips; proportional to z.

    Examples
    --------
    >>> rms_slope([[0, 3, 6], [4, 7, 10], [8, 11, 14]], pixel_size=1.0)  # slopes 4 and 3
    5.0
    """
    down, right = slopes(z, pixel_size).forward
    return float(np.sqrt(block_mean(np.square, down) + block_mean(np.square, right)))


def rms_slope_iso7(z, pixel_size=1.0) -> float:
    """Root mean square gradient with the 7-point stencil, which passes short waves better.

    A sine of 8 samples per period comes out at 0.9985 of its slope. Pixels with the whole
    stencil inside only; NaN below 7x7 pixels.

    Examples
    --------
    >>> y, x = np.mgrid[:7, :7]
    >>> round(rms_slope_iso7(4.0 * y + 3.0 * x), 9)
    5.0
    """
    s = slopes(z, pixel_size)
    if min(s.z.shape) < 7:
        return np.nan
    squares = 0.0
    for axis, step in enumerate(s.pixel_size):
        rows = np.moveaxis(s.z, axis, 0)[:, 3:-3]
        n = len(rows)
        ahead = (rows[3 + k : n - 3 + k] for k, _ in ISO7)
        behind = (rows[3 - k : n - 3 - k] for k, _ in ISO7)
        squares += block_mean(_iso7_squared, *ahead, *behind) / step**2
    return float(np.sqrt(squares))


def _iso7_squared(*ahead_and_behind):
    ahead, behind = ahead_and_behind[: len(ISO7)], ahead_and_behind[len(ISO7) :]
    terms = zip(ISO7, ahead, behind, strict=True)
    return np.square(sum(weight * (a - b) for (_, weight), a, b in terms))


def area_excess(z, pixel_size=1.0) -> float:
    """Developed interfacial area ratio Sdr: surface area over projected area, minus 1.

    Each 2x2 cell is cut into two triangles along either diagonal; Sdr is the mean of both cuts.
    Unchanged by an offset, quarter turns and flips; about Sdq^2 / 2 for small slopes.

    Examples
    --------
    >>> round(area_excess([[0, 1, 2], [0, 1, 2], [0, 1, 2]]), 4)  # 45 degrees: sqrt(2) - 1
    0.4142
    """
    down, right = slopes(z, pixel_size).forward
    total = 0.0
    for a in (down[:, :-1], down[:, 1:]):
        for b in (right[:-1], right[1:]):
            total += block_mean(_excess, a, b)
    return total / 4


def _excess(a, b):
    square = a * a + b * b
    return square / (np.sqrt(1 + square) + 1)  # sqrt(1 + s) - 1 without losing small s


_slope = partial(
    Descriptor,
    family="slope",
    needs=("z_nm", "pixel_size"),
    minimum=(3, 3),
    prepare=Slopes,
    source=ISO,
)

DESCRIPTORS = (
    _slope("Sdq", rms_slope, unit_px="rel/px"),
    _slope("Sdq_iso7", rms_slope_iso7, unit_px="rel/px", minimum=(7, 7)),
    _slope("Sdr", area_excess, unit_px="rel px"),
)
