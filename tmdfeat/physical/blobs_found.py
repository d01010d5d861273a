"""Bumps and hollows of a difference-of-Gaussians scale space, the strongest first.

Sigmas are in proportion to the map's shorter side: 1/128 of it times 1.6^i, up to 1/12. Edges are
mirrors. A maximum in space and scale counts if it answers as strongly as a Gaussian bump of half
an Sq; of two disks that overlap by more than half of the smaller, the stronger stays.
"""

from functools import cached_property

import numpy as np

from tmdfeat.physical.arrays import check_pixel_size
from tmdfeat.physical.blobs_prune import strongest_apart
from tmdfeat.physical.height import heights
from tmdfeat.physical.scale_space import dog_scale_space, local_maxima

RATIO, SCALES, FINEST = 1.6, 6, 1 / 128
THRESHOLD = 0.5  # Sq
SMALLEST = 64  # pixels of the shorter side: below, the finest scales are narrower than half a pixel
# Response to a Gaussian bump of the matching size: its height times this.
MATCHED = (RATIO - 1) / (RATIO + 1)


class Blobs:
    """Bumps and hollows of a map.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)
        In maps with a side below 64 pixels nothing is looked for.
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        self.heights = heights(z)
        self.pixel_size = np.array(check_pixel_size(pixel_size))
        self.extent = self.pixel_size * self.heights.unit.shape
        self.large_enough = min(self.heights.unit.shape) >= SMALLEST

    # A pair of Gaussians answers most to the bump whose sigma is their geometric mean.
    first_scale = 0.5

    @property
    def sigmas(self) -> np.ndarray:
        """Standard deviations of the Gaussians for rows and columns, pixels, (6, 2)."""
        scales = np.arange(SCALES if self.large_enough else 0)
        return FINEST * self.extent.min() * RATIO ** scales[:, None] / self.pixel_size

    @cached_property
    def space(self) -> np.ndarray:
        """Responses, shape (5, H, W): height of the Gaussian bump that answers so, Sq."""
        space = dog_scale_space(self.heights.unit, self.sigmas)
        space /= MATCHED * (self.heights.rms or 1.0)
        return space

    @cached_property
    def bumps(self) -> np.ndarray:
        """Row and column, radius and strength of each bump, shape (n, 4); nm and Sq."""
        return self._find(self.space)

    @cached_property
    def hollows(self) -> np.ndarray:
        """The same for hollows."""
        return self._find(-self.space)

    def _find(self, space):
        found = local_maxima(space, THRESHOLD)
        strength = space[tuple(found.T)]
        # Strongest first; equal ones by scale, row and column.
        order = np.argsort(-strength, kind="stable")
        found, strength = found[order], strength[order]
        scale = found[:, 0] + self.first_scale + _between(space, found)
        radius = np.sqrt(2) * FINEST * self.extent.min() * RATIO**scale
        centres = found[:, 1:] * self.pixel_size
        kept = strongest_apart(centres, radius)
        return np.column_stack([centres, radius, strength])[kept]


def _between(space, found):
    """Where between its neighbouring scales each maximum lies, by a parabola; -0.5 to 0.5."""
    scale, row, column = found.T
    inside = (scale > 0) & (scale < len(space) - 1)
    scale, row, column = scale[inside], row[inside], column[inside]
    finer, here, coarser = (space[scale + k, row, column] for k in (-1, 0, 1))
    bend = finer - 2 * here + coarser
    offset = np.zeros(len(found))
    offset[inside] = (finer - coarser) / np.where(bend < 0, 2 * bend, np.inf)
    return offset


def blobs(z, pixel_size=1.0) -> Blobs:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Blobs) else Blobs(z, pixel_size)
