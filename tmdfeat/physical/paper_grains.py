"""Paper family, fifth part: bright grains above Otsu's threshold.

Quirks of both: the threshold is relative to the map's own contrast, grains touching the border
count in full, and there is no smallest size.
"""

from functools import partial

import cv2
import numpy as np
from skimage.morphology import disk

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.paper import SOURCE, picture
from tmdfeat.physical.paper_otsu import otsu
from tmdfeat.physical.paper_smooth import smooth

DISK = disk(5, np.uint8)


class Grains:
    """Pixels above Otsu's threshold, after a Gaussian of sigma 1 px; shape (H, W), 0 and 1.

    The functions of this family take an array or this.
    """

    def __init__(self, z):
        # Divided and multiplied again: the last digits decide ties as in the original.
        smoothed = smooth(picture(z) / 255 * 255, 1.0, "edge")
        self.mask = (smoothed > otsu(smoothed)).view(np.uint8)


def grains(z) -> Grains:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Grains) else Grains(z)


def paper_grain_size(z) -> float:
    """Mean diameter of the circle of equal area over 8-connected grains, px.

    NaN where there is no grain, as on a flat map.

    Examples
    --------
    >>> round(paper_grain_size(np.repeat([[0, 1, 0]], 4, axis=0)), 4)  # 4 pixels: sqrt(16 / pi)
    2.2568
    """
    stats = cv2.connectedComponentsWithStats(grains(z).mask, connectivity=8)[2]
    areas = stats[1:, cv2.CC_STAT_AREA]  # the first row is the background
    return float(np.mean(np.sqrt(4 * areas / np.pi))) if len(areas) else np.nan


def paper_grain_density(z) -> float:
    """Number of domains per pixel: grains that are left after opening with a disk of 5 px.

    Quirk: the original computes the density of grains and returns that of domains; opening can
    even raise the count, by cutting necks.

    Examples
    --------
    >>> y, x = np.mgrid[-20:21, -20:21]
    >>> round(paper_grain_density(np.hypot(x, y) < 9) * 41 * 41, 9)
    1.0
    """
    mask = grains(z).mask
    # OpenCV leaves out what lies outside: the border neither eats into grains nor grows them.
    domains = cv2.dilate(cv2.erode(mask, DISK), DISK)
    return (cv2.connectedComponents(domains, connectivity=8)[0] - 1) / mask.size


_grain = partial(Descriptor, family="paper", source=SOURCE, prepare=Grains)

DESCRIPTORS = (
    _grain("paper_grain_size", paper_grain_size, unit="px", unit_px="px"),
    _grain("paper_grain_density", paper_grain_density, unit="1/px", unit_px="1/px"),
)
