"""Blob family, first part: bumps and hollows of a difference-of-Gaussians scale space.

They are those of `blobs_found`. Their sizes are in proportion to the map, so a number does not
depend on how many pixels a scan has, but scans of different size see blobs of different size.
Unchanged by an offset, quarter turns and flips, as far as no two maxima are equal.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.blobs_found import SMALLEST, Blobs, blobs
from tmdfeat.physical.descriptor import Descriptor


def blob_density(z, pixel_size=1.0, *, of="bumps") -> float:
    """Number of "bumps" or "hollows" per area, 1/um2; 0 for a flat map.

    NaN for a side below 64 pixels. Unchanged by a positive factor.

    Examples
    --------
    >>> y, x = np.mgrid[-32:33, -32:33]
    >>> blob_density(np.exp(-(x**2 + y**2) / 32), pixel_size=1000 / 65)
    1.0
    """
    b = blobs(z, pixel_size)
    density = len(getattr(b, of)) / float(np.prod(b.extent)) * 1e6
    return density if b.large_enough else np.nan


def blob_radius(z, pixel_size=1.0, *, of="bumps") -> float:
    """Mean radius sqrt(2) sigma of bumps or hollows, nm; NaN without any.

    Unchanged by a positive factor. For Gaussian bumps exact to 2 % between
    radii of 2 % and 7 % of the shorter side, and to a fifth of the radius at the ends.

    Examples
    --------
    >>> y, x = np.mgrid[-32:33, -32:33]
    >>> round(blob_radius(np.exp(-(x**2 + y**2) / 8)), 1)  # sigma 2
    2.8
    """
    radii = getattr(blobs(z, pixel_size), of)[:, 2]
    return float(radii.mean()) if radii.size else np.nan


def blob_strength(z, pixel_size=1.0, *, of="bumps") -> float:
    """Mean height of the Gaussian bumps or hollows that answer as strongly, nm.

    Proportional to z. NaN without any.

    Examples
    --------
    >>> y, x = np.mgrid[-32:33, -32:33]
    >>> round(blob_strength(7 * np.exp(-(x**2 + y**2) / 8)), 1)
    6.8
    """
    b = blobs(z, pixel_size)
    strength = getattr(b, of)[:, 3]
    return b.heights.size * b.heights.rms * float(strength.mean()) if strength.size else np.nan


LINDEBERG = "doi:10.1023/A:1008045108935"
LOWE = "doi:10.1023/B:VISI.0000029664.99615.94"
_blob = partial(
    Descriptor, family="blobs", prepare=Blobs, needs=("pixel_size",), minimum=(SMALLEST, SMALLEST)
)


def _lines(name, of):
    return (
        _blob(
            f"{name}_density",
            partial(blob_density, of=of),
            source=LOWE,
            unit="1/um2",
            unit_px="1/Mpx",
            summary=f"Number of {of} of scale space per area, 1/um2.",
        ),
        _blob(
            f"{name}_radius",
            partial(blob_radius, of=of),
            source=LINDEBERG,
            unit="nm",
            unit_px="px",
            summary=f"Mean radius of {of} of scale space, nm.",
        ),
        _blob(
            f"{name}_strength",
            partial(blob_strength, of=of),
            source=LOWE,
            unit="nm",
            unit_px="rel",
            needs=("z_nm", "pixel_size"),
            summary=f"Mean height of {of} of scale space, as of Gaussian ones, nm.",
        ),
    )


DESCRIPTORS = (*_lines("bump", "bumps"), *_lines("hollow", "hollows"))
