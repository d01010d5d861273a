"""Births and deaths of islands and lakes in units of Sq, and the noise to compare them with.

Pairs are those of `topology_pairs`: H0, islands, from peak down to saddle, and H1, lakes, from
saddle down to pit. The island of the highest peak, which never dies, is left out.
"""

from functools import cached_property

import numpy as np

from tmdfeat.physical.arrays import check_pixel_size
from tmdfeat.physical.height import heights
from tmdfeat.physical.topology_pairs import Landscape

ROUNDING = 1e-9  # Sq; height differences below this are rounding, not persistence


class Persistence:
    """Births and deaths of islands and lakes, in Sq from the mean.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm

    Attributes
    ----------
    area : float
        Area of the map, um2.
    """

    def __init__(self, z, pixel_size=1.0):
        self.heights = heights(z)
        self.area = self.heights.unit.size * float(np.prod(check_pixel_size(pixel_size))) / 1e6

    @cached_property
    def landscape(self) -> Landscape:
        """Saddles of the map in `heights.unit`."""
        return Landscape(self.heights.unit)

    @cached_property
    def islands(self) -> np.ndarray:
        """Birth and death of each island, shape (n, 2)."""
        return self._bars(self.landscape.islands())

    @cached_property
    def lakes(self) -> np.ndarray:
        """Birth and death of each lake, shape (n, 2)."""
        return self._bars(self.landscape.lakes())

    def lives(self, of: str) -> np.ndarray:
        """Persistence of each of "islands" or "lakes", Sq, shape (n,)."""
        bars = getattr(self, of)
        return bars[:, 0] - bars[:, 1]

    def _bars(self, pairs):
        h = self.heights
        if not h.size:
            return np.zeros((0, 2))
        bars = h.unit.ravel()[pairs] / h.rms
        return bars[bars[:, 0] - bars[:, 1] > ROUNDING]

    @cached_property
    def noise(self) -> float:
        """Standard deviation of white noise, Sq, from differences that remove curved ground.

        Immerkaer's mask, (1, -2, 1) along rows times the same along columns, with the median
        of its values so that steps do not count. NaN below 3x3 pixels and for flat maps.
        """
        rough = np.diff(np.diff(self.heights.unit, 2, axis=0), 2, axis=1)
        if not rough.size or not self.heights.size:
            return np.nan
        return float(np.median(np.abs(rough))) / (6 * 0.6744897501960817 * self.heights.rms)


def persistence(z, pixel_size=1.0) -> Persistence:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Persistence) else Persistence(z, pixel_size)
