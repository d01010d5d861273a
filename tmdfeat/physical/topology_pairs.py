"""Persistent homology of a height map: islands and lakes, and how long each of them lives.

A level sinks from the highest point to the lowest; what is above it (superlevel set, pixels are
closed squares, so 8-connected) gains islands at peaks and loses them where two islands meet: the
younger one dies (H0). A ring that closes encloses a lake, which dies at its deepest point (H1).
Lakes are the islands of the map turned upside down, 4-connected, with the outside as one sea.
"""

import numpy as np

from tmdfeat.physical.arrays import check_heights
from tmdfeat.physical.topology_merge import merge_islands, merge_lakes
from tmdfeat.physical.topology_order import descending
from tmdfeat.physical.topology_saddles import higher_neighbours, link, steps


def islands(z) -> np.ndarray:
    """Pairs of peak and saddle: where each island of the sinking level is born and dies (H0).

    The island of the highest peak never dies and is left out, as are pairs of equal height.

    Parameters
    ----------
    z : array of shape (H, W)

    Returns
    -------
    array of shape (n, 2)
        Flat indices into `z` of peak and saddle, highest saddle first.

    Examples
    --------
    >>> z = np.array([[0, 5, 2, 3, 0]])
    >>> z.ravel()[islands(z)]
    array([[3, 2]])
    """
    return Landscape(z).islands()


def lakes(z) -> np.ndarray:
    """Pairs of saddle and pit: where each lake is enclosed and filled up (H1).

    Parameters
    ----------
    z : array of shape (H, W)

    Returns
    -------
    array of shape (n, 2)
        Flat indices into `z` of saddle and pit, lowest saddle first.

    Examples
    --------
    >>> z = np.array([[5, 5, 5], [5, 1, 4], [5, 5, 5]])
    >>> z.ravel()[lakes(z)]
    array([[4, 1]])
    """
    return Landscape(z).lakes()


class Landscape:
    """Saddles of a map, highest first, and what meets at them.

    Parameters
    ----------
    z : array of shape (H, W)
    """

    def __init__(self, z):
        z = check_heights(z)
        padded = np.full((z.shape[0] + 2, z.shape[1] + 2), -np.inf)
        padded[1:-1, 1:-1] = z
        self._z, self._width = padded.ravel(), padded.shape[1]
        higher, ways = higher_neighbours(padded).ravel(), steps(self._width)
        up, self._down, saddles = link(higher, self._width, ways)
        saddles = saddles[descending(self._z[saddles])]
        self._islands, self._rings = merge_islands(self._z, saddles, higher, up, ways)

    def islands(self) -> np.ndarray:
        """Peak and saddle of each island (H0), see `islands`."""
        return self._inside(self._islands)

    def lakes(self) -> np.ndarray:
        """Saddle and pit of each lake (H1), see `lakes`."""
        return self._inside(merge_lakes(self._z, self._rings, self._down.copy()))

    def _inside(self, padded):
        """Places in the map from places in the padded map."""
        return padded - 2 * (padded // self._width) - self._width + 1
