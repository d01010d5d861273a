"""Spatial family, fourth part: roughness in bands of wavelengths, one octave each.

The most portable roughness: a band means the same on every map that resolves it, and the squares
of all bands add up to Sq^2. The same conventions as in `spatial_psd`.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.spatial_acf import SMALLEST
from tmdfeat.physical.spatial_spectrum import JACOBS, Spectrum, spectrum

EDGES = tuple(2**n for n in range(1, 12))  # nm, and px alike: the same names on every map


def band_roughness(z, pixel_size=1.0, *, shortest=0.0, longest=np.inf) -> float:
    """Root mean square height in a band of wavelengths, nm.

    Counts waves of at least `shortest` and less than `longest`. Unchanged by an offset, quarter
    turns and flips; proportional to z. A flat map has none, 0.

    Examples
    --------
    >>> z = np.tile(3.0 * np.sin(2 * np.pi * np.arange(256) / 12), (256, 1))
    >>> round(band_roughness(z, shortest=8, longest=16), 2)
    2.12
    """
    s = spectrum(z, pixel_size)
    if not s.defined:
        return 0.0 * s.rms  # NaN stays NaN
    low = 1 / longest
    high = 1 / shortest if shortest else np.inf
    inside = (s.frequency > low) & (s.frequency <= high)
    return s.rms * float(np.sqrt(np.sum(s.power, where=inside)))


def resolved_band_roughness(z, pixel_size=1.0, *, shortest, longest) -> float:
    """As `band_roughness`; NaN where the map does not hold the whole band.

    That is from two pixels, the coarser ones, to the shorter side.

    Examples
    --------
    >>> z = np.random.default_rng(0).normal(size=(64, 64))
    >>> resolved_band_roughness(z, 5.0, shortest=8, longest=16)  # two pixels: 10 nm
    nan
    """
    s = spectrum(z, pixel_size)
    if shortest * s.nyquist < 1 or longest > s.side:
        return np.nan
    return band_roughness(s, shortest=shortest, longest=longest)


_band = partial(
    Descriptor,
    family="spatial",
    source=JACOBS,
    unit="nm",
    unit_px="rel px",
    needs=("z_nm", "pixel_size"),
    minimum=SMALLEST,
    prepare=Spectrum,
)

DESCRIPTORS = tuple(
    _band(
        f"band_rms_{shortest}_{longest}",
        partial(resolved_band_roughness, shortest=shortest, longest=longest),
        summary=f"Root mean square height at wavelengths from {shortest} to {longest} nm (px); "
        "NaN where the map does not hold the whole band.",
    )
    for shortest, longest in pairwise(EDGES)
)
