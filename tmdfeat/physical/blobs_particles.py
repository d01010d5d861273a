"""Blob family, third part: small things that stand out of their neighbourhood.

A particle is more than three robust standard deviations above the local median, at least four
pixels large (one pixel is noise) and nowhere wider than 1/16 of the map's shorter side. A pinhole
is the same upside down. The local median is taken over a square of 1/8 of the shorter side,
mirrored by repeating the edge; windows and widths count pixels, so pixels should be square.

Unchanged by an offset and a positive factor, quarter turns and flips, but for the median's steps:
it is known to 1/255 of the range between the percentiles 0.5 and 99.5, which is fast, and enough
beside three standard deviations, which are taken to be at least one such step each.
"""

from functools import cached_property, partial

import cv2
import numpy as np

from tmdfeat.physical.arrays import check_pixel_size
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.height import heights

SCORE, SMALLEST = 3.0, 4
WIDEST = 16  # widths of a particle in the shorter side of the map
SMALLEST_SIDE = 64  # pixels of the map
LARGEST_WINDOW = 255  # what OpenCV's median can count


class Particles:
    """Heights above the local median, in robust standard deviations.

    The functions of this family take an array or this.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        self.heights = heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        self.width = max(1, min(self.heights.unit.shape) // WIDEST)

    @cached_property
    def score(self) -> np.ndarray:
        """Height above the local median over 1.4826 times the median of its absolute value."""
        unit = self.heights.unit
        low, high = np.percentile(unit, [0.5, 99.5])
        step = (high - low) / 255
        window = min(2 * self.width + 1, LARGEST_WINDOW)
        if step:
            codes = np.rint((np.clip(unit, low, high) - low) / step).astype(np.uint8)
            ground = low + step * cv2.medianBlur(codes, window)
        else:
            ground = low
        above = unit - ground
        deviation = 1.4826 * float(np.median(np.abs(above)))
        smallest = max(deviation, step, np.finfo(float).eps)
        return above / smallest

    def density(self, mask) -> float:
        """8-connected pieces of a mask, neither too small nor too wide, per area, 1/um2.

        NaN for a side below 64 pixels.
        """
        if min(mask.shape) < SMALLEST_SIDE:
            return np.nan
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        box = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1, initial=0)
        large = stats[1:, cv2.CC_STAT_AREA] >= SMALLEST
        area = mask.size * float(np.prod(self.pixel_size)) / 1e6
        return float(np.count_nonzero(large & (box <= self.width))) / area


def particles(z, pixel_size=1.0) -> Particles:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Particles) else Particles(z, pixel_size)


def particle_density(z, pixel_size=1.0) -> float:
    """Number of particles per area, 1/um2; 0 for a flat map, NaN for a side below 64 pixels.

    Examples
    --------
    >>> z = np.random.default_rng(0).normal(size=(100, 100))
    >>> z[20:23, 30:33] += 50
    >>> particle_density(z, pixel_size=10.0)
    1.0
    """
    p = particles(z, pixel_size)
    return p.density(p.score > SCORE)


def pinhole_density(z, pixel_size=1.0) -> float:
    """Number of pinholes per area, 1/um2; 0 for a flat map, NaN for a side below 64 pixels.

    Examples
    --------
    >>> z = np.random.default_rng(0).normal(size=(100, 100))
    >>> z[20:23, 30:33] -= 50
    >>> pinhole_density(z, pixel_size=10.0)
    1.0
    """
    p = particles(z, pixel_size)
    return p.density(p.score < -SCORE)


_density = partial(
    Descriptor,
    family="blobs",
    source="robust z-score; Iglewicz, Hoaglin (1993)",
    prepare=Particles,
    needs=("pixel_size",),
    unit="1/um2",
    unit_px="1/Mpx",
    minimum=(SMALLEST_SIDE, SMALLEST_SIDE),
)

DESCRIPTORS = (
    _density("particle_density", particle_density),
    _density("pinhole_density", pinhole_density),
)
