"""Spatial family, third part: peak and shape of the power spectral density.

Each function takes heights (H, W), levelled, and the pixel size, nm: one number or (dy, dx); see
`spatial_spectrum` for the density. Below 16x16 pixels everything is undefined (NaN), on flat maps
every ratio.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.spatial_acf import ISO, SMALLEST
from tmdfeat.physical.spatial_spectrum import JACOBS, Spectrum, spectrum


def dominant_wavelength(z, pixel_size=1.0) -> float:
    """Dominant spatial wavelength Ssw: that of the strongest wave, nm.

    One of the map's own waves, so in steps; with long waves, coarse ones. Unchanged by an offset,
    a factor, quarter turns and flips. NaN for a flat map.

    Examples
    --------
    >>> dominant_wavelength(np.tile(np.sin(2 * np.pi * np.arange(64) / 16), (64, 1)), 2.0)
    32.0
    """
    s = spectrum(z, pixel_size)
    return 1 / float(s.frequency.flat[np.argmax(s.density)]) if s.defined else np.nan


def spectral_centroid(z, pixel_size=1.0) -> float:
    """Mean frequency of the variance, 1/nm: each wave counts by its share.

    0.3826 per pixel for white noise. Unchanged by an offset, a factor, quarter turns and flips.
    NaN for a flat map.

    Examples
    --------
    >>> round(spectral_centroid(np.random.default_rng(0).normal(size=(256, 256))), 2)
    0.38
    """
    s = spectrum(z, pixel_size)
    return float(np.vdot(s.power, s.frequency)) if s.defined else np.nan


def spectral_entropy(z, pixel_size=1.0) -> float:
    """Entropy of the radial density over its largest: 1 for white noise, 0 for one ring.

    -sum p ln p / ln n with p the shares of the n rings' mean densities. Unchanged by an offset, a
    factor, quarter turns and flips. NaN for a flat map.

    Examples
    --------
    >>> round(spectral_entropy(np.random.default_rng(0).normal(size=(256, 256))), 2)
    1.0
    """
    s = spectrum(z, pixel_size)
    if not s.defined:
        return np.nan
    p = s.rings / s.rings.sum()
    return float(-np.sum(p * np.log(p)) / np.log(p.size))


def spectral_flatness(z, pixel_size=1.0) -> float:
    """Geometric over arithmetic mean of the radial density: 1 for white noise, towards 0 for peaks.

    Unchanged by an offset, a factor, quarter turns and flips. NaN for a flat map.

    Examples
    --------
    >>> round(spectral_flatness(np.random.default_rng(0).normal(size=(256, 256))), 1)
    1.0
    """
    s = spectrum(z, pixel_size)
    return float(np.exp(np.mean(np.log(s.rings))) / np.mean(s.rings)) if s.defined else np.nan


_spectral = partial(
    Descriptor,
    family="spatial",
    source=JACOBS,
    unit_px="px",
    needs=("pixel_size",),
    minimum=SMALLEST,
    prepare=Spectrum,
)

DESCRIPTORS = (
    _spectral("Ssw", dominant_wavelength, unit="nm", source=ISO),
    _spectral("spectral_centroid", spectral_centroid, unit="1/nm", unit_px="1/px"),
    _spectral("spectral_entropy", spectral_entropy),
    _spectral("spectral_flatness", spectral_flatness),
)
