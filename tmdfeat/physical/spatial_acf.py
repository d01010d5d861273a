"""Spatial family, first part: autocorrelation, Sal, Str and correlation length (ISO 25178-2).

Each function takes heights (H, W), levelled, and the pixel size, nm: one number or (dy, dx).
Pairs of points count at lags up to half the shorter side of the map, in all directions. Below
16x16 pixels, and on flat maps, everything here is undefined (NaN).
"""

from functools import cached_property, partial

import numpy as np
from scipy import fft

from tmdfeat.physical.arrays import check_heights, check_pixel_size
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.height import Heights
from tmdfeat.physical.spatial_rays import directions, first_crossings, ring_mean

ISO = "ISO 25178-2:2021"
SMALLEST = (16, 16)
DECAYED = 0.2  # the default of ISO 25178-3


class Autocorrelation:
    """Products and differences of heights at all lags up to half the shorter side.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm

    Attributes
    ----------
    unit, size : array of shape (H, W), float
        Heights about their mean are unit * size.
    defined : bool
        Whether the map has heights and enough pixels.
    step : float
        The shorter side of a pixel, nm.
    reach : float
        Half the shorter side of the map, nm.
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        heights = Heights(z)
        self.unit, self.size = heights.unit, heights.size
        self.defined = heights.size > 0 and min(z.shape) >= min(SMALLEST)
        self.step = min(self.pixel_size)
        self.reach = min(n * d for n, d in zip(z.shape, self.pixel_size, strict=True)) / 2
        self.lags = tuple(int(self.reach / d) + 1 for d in self.pixel_size)

    @cached_property
    def rays(self) -> np.ndarray:
        """Directions of the walks, (n, 2)."""
        return directions(self.reach, self.pixel_size)

    @cached_property
    def pairs(self) -> np.ndarray:
        """Number of pairs of pixels at each lag: rows 0 to R, columns -C to C, (R+1, 2C+1)."""
        (height, width), (rows, columns) = self.unit.shape, self.lags
        down, across = np.arange(rows + 1), np.abs(np.arange(-columns, columns + 1))
        return np.outer(height - down, width - across).astype(float)

    @cached_property
    def products(self) -> np.ndarray:
        """Sum of the products of all pairs at each lag, in units of the largest height squared."""
        rows, columns = self.lags
        # Padding by the largest lag wanted keeps the ends of the map apart up to that lag.
        shape = [
            fft.next_fast_len(n + lag, real=True)
            for n, lag in zip(self.unit.shape, self.lags, strict=True)
        ]
        spectrum = fft.rfft2(self.unit, shape)
        circular = fft.irfft2(spectrum.real**2 + spectrum.imag**2, shape, overwrite_x=True)
        return np.hstack([circular[: rows + 1, -columns:], circular[: rows + 1, : columns + 1]])

    @cached_property
    def values(self) -> np.ndarray:
        """Unbiased linear autocorrelation, 1 at lag 0; lags as in `pairs`."""
        mean = self.products / self.pairs
        return mean / mean[0, self.lags[1]]

    @cached_property
    def decay(self) -> np.ndarray:
        """Length at which it first falls to 0.2 along each ray, nm; inf if not within reach."""
        return first_crossings(self.values, self.rays, DECAYED, self.step / 2, self.reach)


def autocorrelation(z, pixel_size=1.0) -> Autocorrelation:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Autocorrelation) else Autocorrelation(z, pixel_size)


def autocorrelation_length(z, pixel_size=1.0) -> float:
    """Autocorrelation length Sal: shortest lag at which the autocorrelation falls to 0.2, nm.

    NaN if it does not fall so far within half the shorter side. Unchanged by an offset, a factor,
    quarter turns and flips.

    Examples
    --------
    >>> stripes = np.tile(np.sin(2 * np.pi * np.arange(512) / 32), (512, 1))
    >>> round(autocorrelation_length(stripes), 1)  # 32 arccos(0.2) / (2 pi)
    7.0
    """
    a = autocorrelation(z, pixel_size)
    shortest = float(a.decay.min()) if a.defined else np.inf
    return shortest if np.isfinite(shortest) else np.nan


def texture_aspect(z, pixel_size=1.0) -> float:
    """Texture aspect ratio Str: Sal over the longest such lag, 1 if isotropic, 0 if line-like.

    0 if the autocorrelation does not fall to 0.2 in some direction within half the shorter side,
    NaN if in none. Unchanged by an offset, a factor, quarter turns and flips.

    Examples
    --------
    >>> stripes = np.tile(np.sin(2 * np.pi * np.arange(128) / 32), (128, 1))
    >>> texture_aspect(stripes)
    0.0
    """
    a = autocorrelation(z, pixel_size)
    return autocorrelation_length(a) / float(a.decay.max()) if a.defined else np.nan


def correlation_length(z, pixel_size=1.0) -> float:
    """Lag at which the autocorrelation, averaged over all directions, first falls to 1/e, nm.

    NaN if it does not within half the shorter side. Unchanged by an offset, a factor, quarter
    turns and flips.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(128, 128))
    >>> 0 < correlation_length(noise, pixel_size=2.0) < 2.0
    True
    """
    a = autocorrelation(z, pixel_size)
    level, step, before = np.exp(-1), a.step / 2, 1.0
    for n in range(1, int(a.reach / step) + 1) if a.defined else ():
        here = ring_mean(a.values, a.rays, n * step)
        if here <= level:
            return float(step * (n - 1 + (before - level) / (before - here)))
        before = here
    return np.nan


_spatial = partial(
    Descriptor,
    family="spatial",
    source=ISO,
    needs=("pixel_size",),
    minimum=SMALLEST,
    prepare=Autocorrelation,
)

DESCRIPTORS = (
    _spatial("Sal", autocorrelation_length, unit="nm", unit_px="px"),
    _spatial("Str", texture_aspect, unit_px="px"),
    _spatial(
        "corr_len_1e",
        correlation_length,
        unit="nm",
        unit_px="px",
        source="radial autocorrelation",
    ),
)
