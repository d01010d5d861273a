"""Local family, second part: roughness between two Gaussian smoothings, octave by octave.

The difference of the map smoothed by s and by 2 s passes waves of 6.5 s best. It is taken in the
cosine transform of the map continued by reflection, where a Gaussian is a factor and, by
Parseval, the root mean square needs no way back.
"""

from functools import cached_property, partial

import numpy as np
from scipy.fft import dctn

from tmdfeat.physical.arrays import about_mean, check_heights, check_pixel_size, in_units
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.row_blocks import block_map, block_mean

SIGMAS = (2, 4, 8, 16, 32)
# Of exp(-s^2 q^2 / 2) - exp(-2 s^2 q^2), the maximum is at q s = sqrt(ln 4 / 1.5).
BEST_WAVE = 2 * np.pi / np.sqrt(np.log(4) / 1.5)


class Cosines:
    """Power of a map in its two-dimensional cosine transform (type II).

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        self.size, self.unit = in_units(about_mean(z))

    @cached_property
    def power(self) -> np.ndarray:
        """Square of each wave over all pixels, in units of `size` squared, shape (H, W)."""
        return block_map(np.square, dctn(self.unit, norm="ortho"))

    def smoothing(self, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        """What a Gaussian leaves of each wave: one factor per row, (H, 1), and column, (W,)."""
        axes = zip(self.unit.shape, self.pixel_size, strict=True)
        rows, columns = (
            np.exp(-((np.pi * sigma / (n * step) * np.arange(n)) ** 2) / 2) for n, step in axes
        )
        return rows[:, None], columns

    def resolves(self, wave: float) -> bool:
        """Whether a wave has two pixels at least and fits into the map."""
        sides = (n * step for n, step in zip(self.unit.shape, self.pixel_size, strict=True))
        return 2 * max(self.pixel_size) <= wave <= min(sides)


def cosines(z, pixel_size=1.0) -> Cosines:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Cosines) else Cosines(z, pixel_size)


def band_deviation(z, pixel_size=1.0, sigma: float = 2) -> float:
    """Root mean square of the map smoothed by sigma less the map smoothed by 2 sigma, nm.

    A sine of wavelength L and amplitude A gives A / sqrt(2) times exp(-x / 2) - exp(-2 x),
    x = (2 pi sigma / L)^2. The map is continued by reflection. Unchanged by an offset, quarter
    turns and flips; proportional to z. NaN if the wave that is passed best, 6.5 sigma, is under
    two pixels or longer than a side.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    sigma : float, nm

    Examples
    --------
    >>> x = np.cos(np.pi * (np.arange(64) + 0.5) / 8)  # 16 pixels per period
    >>> round(band_deviation(np.tile(x, (64, 1)), sigma=2.0), 6)
    0.313524
    """
    waves = cosines(z, pixel_size)
    if not waves.resolves(BEST_WAVE * sigma):
        return np.nan
    (rows, columns), (rows_2, columns_2) = waves.smoothing(sigma), waves.smoothing(2 * sigma)

    def passed(power, row, row_2):
        return power * np.square(row * columns - row_2 * columns_2)

    mean = block_mean(passed, waves.power, rows, rows_2)
    return waves.size * float(np.sqrt(mean))


_band = partial(
    Descriptor,
    family="local",
    source="doi:10.1098/rspb.1980.0020",
    unit="nm",
    unit_px="rel",
    needs=("z_nm", "pixel_size"),
    prepare=Cosines,
)

DESCRIPTORS = tuple(
    _band(
        f"dog_s{sigma}_rms",
        partial(band_deviation, sigma=sigma),
        summary=f"Root mean square between Gaussian smoothings of {sigma} and {2 * sigma} nm (px).",
    )
    for sigma in SIGMAS
)
