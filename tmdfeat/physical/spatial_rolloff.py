"""Spatial family, seventh part: where a rough surface stops being self-affine.

The k-correlation or ABC model of the radial density, C(q) = A / (1 + (B q)^2)^(c / 2): flat for
long waves, a power law of exponent -c for short ones, with the bend at the wavelength 2 pi B. The
same conventions as in `spatial_psd`.
"""

from functools import partial

import numpy as np
from scipy.optimize import minimize_scalar

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.spatial_selfaffine import SMALLEST
from tmdfeat.physical.spatial_spectrum import Spectrum, spectrum

LONGEST, SHORTEST = 1 / 2, 4  # wavelengths of the fit: share of the shorter side, pixels
GRID = 8  # first guesses of the bend, per octave


def fit_rolloff(z, pixel_size=1.0) -> tuple[float, float]:
    """Fit the k-correlation model to the radial density.

    Least squares in the logarithms over rings of equal width, at wavelengths from four pixels to
    half the shorter side. On 256x256 pixels with a bend at a sixth of the side, one map's
    wavelength scatters by a fifth, its exponent by 0.15.

    Returns
    -------
    wavelength : float, nm
        2 pi B, where the spectrum bends.
    exponent : float
        c; 2 + 2H if the surface is self-affine below that wavelength.
        Both NaN where the best bend lies outside the wavelengths of the fit.

    Examples
    --------
    >>> fit_rolloff(np.zeros((64, 64)))
    (nan, nan)
    """
    s = spectrum(z, pixel_size)
    first, last = round(1 / LONGEST), int(s.nyquist * 2 / SHORTEST * s.side + 1e-9)
    if not s.defined or last < 4 * first:
        return np.nan, np.nan
    ring = np.arange(first, last + 1)
    wave, density = ring / s.side, np.log(s.rings[first - 1 : last])
    bends = np.geomspace(wave[0], wave[-1], int(GRID * np.log2(last / first)) + 1)
    misfits = [_line(bend, wave, density)[1] for bend in bends]
    best = int(np.argmin(misfits))
    if best in (0, len(bends) - 1):
        return np.nan, np.nan
    between = np.log(bends[best - 1]), np.log(bends[best + 1])
    found = minimize_scalar(
        lambda x: _line(np.exp(x), wave, density)[1],
        bounds=between,
        method="bounded",
        options={"xatol": 1e-9},  # by default 1e-5, which rounding of the heights would show
    )
    bend = float(np.exp(found.x))
    exponent = -2 * _line(bend, wave, density)[0]
    return (1 / bend, exponent) if exponent > 0 else (np.nan, np.nan)


def _line(bend: float, wave: np.ndarray, density: np.ndarray) -> tuple[float, float]:
    """For a given bend the model is a line: its slope, -c / 2, and its misfit."""
    x = np.log1p((wave / bend) ** 2)
    x -= x.mean()
    y = density - density.mean()
    slope = float(x @ y / (x @ x))
    return slope, float(np.sum((y - slope * x) ** 2))


def rolloff_wavelength(z, pixel_size=1.0) -> float:
    """Wavelength 2 pi B above which the roughness no longer grows, nm.

    NaN if the spectrum does not bend within the wavelengths of the fit. Unchanged by an offset, a
    factor, quarter turns and flips.

    Examples
    --------
    >>> rolloff_wavelength(np.zeros((64, 64)))
    nan
    """
    return fit_rolloff(z, pixel_size)[0]


def rolloff_exponent(z, pixel_size=1.0) -> float:
    """Exponent c of the spectrum below the roll-off wavelength: C ~ q^-c there.

    Defined where `rolloff_wavelength` is. Unchanged by an offset, a factor, quarter turns and
    flips.

    Examples
    --------
    >>> rolloff_exponent(np.zeros((64, 64)))
    nan
    """
    return fit_rolloff(z, pixel_size)[1]


_rolloff = partial(
    Descriptor,
    family="spatial",
    source="doi:10.1103/PhysRevB.48.14472",
    unit_px="px",
    needs=("pixel_size",),
    minimum=SMALLEST,
    prepare=Spectrum,
)

DESCRIPTORS = (
    _rolloff("rolloff_wavelength", rolloff_wavelength, unit="nm"),
    _rolloff("rolloff_exponent", rolloff_exponent),
)
