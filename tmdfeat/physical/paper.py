"""Paper family, first part: residuals, peaks and gradients of the grey picture.

The 14 quantities of Transfer Learning for Multi-material Classification of Transition Metal
Dichalcogenides with Atomic Force Microscopy (doi:10.1088/2632-2153/ada2da), as its code
computes them, in pixels and grey levels, so that published numbers can be compared. Several do
not measure what their name says; each docstring tells. They are no defaults: for new work take
the other families.

The original repeats the picture three times, (H, W, 3), and treats the colours as a third axis
in space. These functions take the map (H, W) and give the same values.
"""

from functools import cached_property, partial

import cv2
import numpy as np

from tmdfeat.physical.arrays import check_heights, is_flat
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.paper_smooth import smooth

SOURCE = "doi:10.1088/2632-2153/ada2da"


def picture(z) -> np.ndarray:
    """Stretch a map to grey levels between 0 and 255, as float.

    Plain minimum and maximum: levelling and clipping belong to preprocessing. A map that
    already spans exactly 0 to 255 is returned as it is, bit for bit; a flat map is 0.

    Parameters
    ----------
    z : array of shape (H, W)

    Returns
    -------
    array of shape (H, W)

    Examples
    --------
    >>> picture([[1.0, 2.0], [3.0, 3.0]])
    array([[  0. , 127.5], [255. , 255. ]])
    """
    z = check_heights(z)
    low, high = z.min(), z.max()
    if (low, high) == (0, 255):
        return z
    if is_flat(z):
        return np.zeros_like(z)
    levels = z - low
    levels /= high - low
    levels *= 255
    return levels


class Grey:
    """The picture with values 0 to 1, and its residual; functions take an array or this."""

    def __init__(self, z):
        self.grey = picture(z) / 255

    @cached_property
    def residual(self) -> np.ndarray:
        """Distance from a Gaussian of sigma 1 px, mirrored at the edges."""
        smoothed = smooth(self.grey, 1.0, "symmetric")
        return np.abs(np.subtract(self.grey, smoothed, out=smoothed), out=smoothed)


def grey(z) -> Grey:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Grey) else Grey(z)


def paper_rms_roughness(z) -> float:
    """Root mean square of the picture minus its Gaussian of sigma 1 px.

    Quirk: a high-pass residual of stretched contrast, not the ISO Sq, and without nm.

    Examples
    --------
    >>> paper_rms_roughness(np.zeros((8, 8)))
    0.0
    """
    residual = grey(z).residual
    return float(np.sqrt(np.vdot(residual, residual) / residual.size))


def paper_local_variation(z) -> float:
    """Mean residual after a Gaussian of sigma 1 px, over its largest value.

    Quirk: one extreme pixel decides the scale. NaN for a flat map.

    Examples
    --------
    >>> paper_local_variation(np.zeros((8, 8)))
    nan
    """
    residual = grey(z).residual
    largest = residual.max()
    return float(np.mean(residual) / largest) if largest else np.nan


def paper_defect_density(z) -> float:
    """Local maxima after a Gaussian of sigma 1 px, per pixel, over 3.

    Quirk: the original looks for peaks in (H, W, 3), loses the two outer colours as a border
    and still divides by 3 H W: a third of the density in the plane. No minimum height, so
    noise counts.

    Examples
    --------
    >>> round(paper_defect_density(np.pad([[1.0]], 4)) * 81 * 3, 9)
    1.0
    """
    smoothed = smooth(grey(z).grey, 1.0, "edge")
    peaks = smoothed == cv2.dilate(smoothed, np.ones((3, 3), np.uint8))
    peaks &= smoothed > smoothed.min()
    return float(np.count_nonzero(peaks[1:-1, 1:-1]) / (3 * smoothed.size))


def paper_anisotropy(z) -> float:
    """Standard deviation of the gradient's angle over the mean gradient.

    Quirk: not an anisotropy. The linear deviation of a circular quantity is nearly constant, so
    it is about one over the mean slope (unit rad px), and it changes when the map is turned.
    NaN for a flat map and for a single line.

    Examples
    --------
    >>> paper_anisotropy(np.tile(np.arange(4.0), (4, 1)))  # one direction only
    0.0
    """
    image = grey(z).grey
    if min(image.shape) < 2:
        return np.nan
    down, right = _derivative(image), _derivative(image.T).T
    mean = np.mean(np.sqrt(down**2 + right**2))
    return float(np.std(np.arctan2(right, down)) / mean) if mean else np.nan


def _derivative(image):
    """What `np.gradient` gives along the first axis, without its temporary arrays."""
    out = np.empty_like(image)
    np.subtract(image[2:], image[:-2], out=out[1:-1])
    out[1:-1] /= 2
    out[0], out[-1] = image[1] - image[0], image[-1] - image[-2]
    return out


_paper = partial(Descriptor, family="paper", source=SOURCE, prepare=Grey)

DESCRIPTORS = (
    _paper("paper_rms_roughness", paper_rms_roughness),
    _paper("paper_defect_density", paper_defect_density, unit="1/px", unit_px="1/px"),
    _paper("paper_anisotropy", paper_anisotropy, unit="rad px", unit_px="rad px"),
    _paper("paper_local_variation", paper_local_variation),
)
