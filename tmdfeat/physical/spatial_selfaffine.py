"""Spatial family, sixth part: the power law of self-affine surfaces.

On a self-affine surface with Hurst exponent H the radial power spectral density falls as
q^-(2 + 2H). The same conventions as in `spatial_psd`.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.spatial_spectrum import JACOBS, Spectrum, spectrum

SMALLEST = (32, 32)
LONGEST, SHORTEST = 1 / 4, 4  # wavelengths of the fit: share of the shorter side, pixels


def spectral_slope(z, pixel_size=1.0) -> float:
    """Exponent of the radial power spectral density, C ~ q^slope: 0 for white noise.

    Least squares in the logarithms over rings of equal width, at wavelengths from four pixels to
    a quarter of the shorter side. Unchanged by an offset, a factor, quarter turns and
    flips. NaN for flat maps and below 32 pixels. On maps without a power law, such as one wave,
    a number without meaning.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(512, 512))
    >>> abs(spectral_slope(noise)) < 0.1
    True
    """
    s = spectrum(z, pixel_size)
    first, last = round(1 / LONGEST), int(s.nyquist * 2 / SHORTEST * s.side + 1e-9)
    if not s.defined or last < 2 * first:
        return np.nan
    ring = np.arange(first, last + 1)
    return float(np.polyfit(np.log(ring), np.log(s.rings[first - 1 : last]), 1)[0])


def hurst_exponent(z, pixel_size=1.0) -> float:
    """Hurst exponent H = -(slope + 2) / 2 of the power spectral density, 0 to 1 if self-affine.

    Beyond: -1 for white noise, above 1 for smooth surfaces. Defined where `spectral_slope` is.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(512, 512))
    >>> abs(hurst_exponent(noise) + 1) < 0.05
    True
    """
    return -(spectral_slope(z, pixel_size) + 2) / 2


def fractal_dimension(z, pixel_size=1.0) -> float:
    """Fractal dimension D = 3 - H of a self-affine surface, 2 to 3.

    Defined where `spectral_slope` is; outside 2 to 3 the surface is not self-affine.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(size=(512, 512))
    >>> abs(fractal_dimension(noise) - 4) < 0.05
    True
    """
    return 3 - hurst_exponent(z, pixel_size)


_fit = partial(
    Descriptor,
    family="spatial",
    source=JACOBS,
    unit_px="px",
    needs=("pixel_size",),
    minimum=SMALLEST,
    prepare=Spectrum,
)

DESCRIPTORS = (
    _fit("psd_slope", spectral_slope),
    _fit("hurst", hurst_exponent),
    _fit("fractal_dimension", fractal_dimension),
)
