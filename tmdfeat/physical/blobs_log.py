"""Blob family, fourth part: bumps and hollows by the Laplacian of Gaussians.

As in `blobs`, but each scale is one Gaussian's Laplacian instead of a difference of two: the
definition that differences approximate, reaching half a step further at both ends of the sizes.
Sigmas are in proportion to the map's shorter side: 1/128 of it times 1.6^i, up to 1/12. Unchanged
by an offset, quarter turns and flips, as far as no two maxima are equal.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.blobs import LINDEBERG, blob_density, blob_radius, blob_strength
from tmdfeat.physical.blobs_found import SMALLEST, Blobs
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.scale_space import log_scale_space

MATCHED = 0.5  # response to a Gaussian bump of the matching size: its height times this


class LogBlobs(Blobs):
    """Bumps and hollows of a map, by the Laplacian of Gaussians.

    The functions of this file, and those of `blobs`, take it in place of an array.

    Parameters
    ----------
    z : array of shape (H, W)
        In maps with a side below 64 pixels nothing is looked for.
    pixel_size : float or (dy, dx), nm
    """

    first_scale = 0.0

    @cached_property
    def space(self) -> np.ndarray:
        """Responses, shape (6, H, W): height of the Gaussian bump that answers so, Sq."""
        space = log_scale_space(self.heights.unit, self.sigmas)
        space /= MATCHED * (self.heights.rms or 1.0)
        return space


def log_blobs(z, pixel_size=1.0) -> LogBlobs:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, LogBlobs) else LogBlobs(z, pixel_size)


def log_density(z, pixel_size=1.0, *, of="bumps") -> float:
    """Number of "bumps" or "hollows" by Laplacian per area, 1/um2; 0 for a flat map.

    NaN for a side below 64 pixels. Unchanged by a positive factor.

    Examples
    --------
    >>> y, x = np.mgrid[-32:33, -32:33]
    >>> log_density(np.exp(-(x**2 + y**2) / 32), pixel_size=1000 / 65)
    1.0
    """
    return blob_density(log_blobs(z, pixel_size), of=of)


def log_radius(z, pixel_size=1.0, *, of="bumps") -> float:
    """Mean radius sqrt(2) sigma of bumps or hollows by Laplacian, nm; NaN without any.

    Unchanged by a positive factor.

    Examples
    --------
    >>> y, x = np.mgrid[-32:33, -32:33]
    >>> round(log_radius(np.exp(-(x**2 + y**2) / 8)), 1)  # sigma 2
    2.8
    """
    return blob_radius(log_blobs(z, pixel_size), of=of)


def log_strength(z, pixel_size=1.0, *, of="bumps") -> float:
    """Mean height of the Gaussian bumps or hollows with as strong a Laplacian, nm.

    Proportional to z. NaN without any.

    Examples
    --------
    >>> y, x = np.mgrid[-32:33, -32:33]
    >>> round(log_strength(7 * np.exp(-(x**2 + y**2) / 8)), 1)
    7.0
    """
    return blob_strength(log_blobs(z, pixel_size), of=of)


_log = partial(
    Descriptor,
    family="blobs",
    prepare=LogBlobs,
    needs=("pixel_size",),
    minimum=(SMALLEST, SMALLEST),
    source=LINDEBERG,
)


def _lines(name, of):
    return (
        _log(
            f"log_{name}_density",
            partial(log_density, of=of),
            unit="1/um2",
            unit_px="1/Mpx",
            summary=f"Number of {of} by the Laplacian of Gaussians per area, 1/um2.",
        ),
        _log(
            f"log_{name}_radius",
            partial(log_radius, of=of),
            unit="nm",
            unit_px="px",
            summary=f"Mean radius of {of} by the Laplacian of Gaussians, nm.",
        ),
        _log(
            f"log_{name}_strength",
            partial(log_strength, of=of),
            unit="nm",
            unit_px="rel",
            needs=("z_nm", "pixel_size"),
            summary=f"Mean height of {of} by the Laplacian of Gaussians, as of Gaussian ones, nm.",
        ),
    )


DESCRIPTORS = (*_lines("bump", "bumps"), *_lines("hollow", "hollows"))
