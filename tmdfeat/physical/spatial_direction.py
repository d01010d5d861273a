"""Spatial family, fifth part: how the power spectrum is spread over directions.

Waves up to Nyquist, in all directions alike, so that the grid's corners do not count. The same
conventions as in `spatial_psd`.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.spatial_acf import SMALLEST
from tmdfeat.physical.spatial_spectrum import Spectrum, spectrum

TWO = "Two-fold anisotropy of the power spectrum: 0 isotropic, 1 stripes in one direction."
SIX = "Six-fold anisotropy of the power spectrum: 1 for hexagonal patterns and for stripes."


def _moment(s: Spectrum, order: int) -> complex:
    """Sum of P exp(i order angle) over the sum of P, for an even order."""
    down, across = s.waves
    inside = (s.frequency < s.nyquist) & (s.frequency > 0)
    wave = (across + 1j * down)[inside]
    turned = (wave * wave / (wave * wave.conj()).real) ** (order // 2)
    power = s.power[inside]
    total = power.sum()
    return complex(power @ turned / total) if total else complex(np.nan)


def spectral_anisotropy(z, pixel_size=1.0, *, order=2) -> float:
    """Strength of the power spectrum's `order`-fold symmetry, 0 to 1.

    abs(sum P e^(i order angle)) / sum P. Order 2 is 1 for stripes in one direction and 0 for
    isotropic maps; order 6 is 1 for a hexagonal pattern (and for stripes), 0 for a square one, and
    sees the edges of aligned triangles and hexagons. Unchanged by an offset, a factor, quarter
    turns and flips. NaN for a flat map.

    Examples
    --------
    >>> stripes = np.tile(np.sin(2 * np.pi * np.arange(64) / 8), (64, 1))
    >>> round(spectral_anisotropy(stripes), 2)
    0.99
    """
    s = spectrum(z, pixel_size)
    return abs(_moment(s, order)) if s.defined else np.nan


def texture_direction(z, pixel_size=1.0) -> float:
    """Texture direction Std: angle at which the angular power spectrum is largest, degrees.

    Of the wave vector, hence across the lay; 0 to 180, counter-clockwise from the columns' axis
    with row 0 at the top; in sectors of one degree. NaN for a flat map. Not in the catalogue: it
    is circular, and says how the sample was mounted.

    Examples
    --------
    >>> stripes = np.tile(np.sin(2 * np.pi * np.arange(64) / 8), (64, 1))
    >>> texture_direction(stripes), texture_direction(stripes.T)
    (0.0, 90.0)
    """
    s = spectrum(z, pixel_size)
    if not s.defined:
        return np.nan
    down, across = s.waves
    inside = (s.frequency < s.nyquist) & (s.frequency > 0)
    angle = np.degrees(np.arctan2(-down, across))[inside]
    sector = np.rint(angle).astype(int) % 180
    return float(np.argmax(np.bincount(sector, s.power[inside], 180)))


_direction = partial(
    Descriptor,
    family="spatial",
    source="circular harmonics of the power spectrum",
    unit_px="px",
    needs=("pixel_size",),
    minimum=SMALLEST,
    prepare=Spectrum,
)

DESCRIPTORS = (
    _direction("psd_aniso2", partial(spectral_anisotropy, order=2), summary=TWO),
    _direction("psd_aniso6", partial(spectral_anisotropy, order=6), summary=SIX),
)
