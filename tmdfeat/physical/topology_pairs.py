"""Persistent homology of a height map: islands and lakes, and how long each of them lives.

A level sinks from the highest point to the lowest; what is above it (superlevel set, pixels are
closed squares, so 8-connected) gains islands at peaks and loses them where two islands meet: the
younger one dies (H0). A ring that closes encloses a lake, which dies at its deepest point (H1).
Lakes are the islands of the map turned upside down, 4-connected, with the outside as one sea.
"""

import numpy as np

from tmdfeat.physical.arrays import check_heights
from tmdfeat.physical.topology_saddles import link, merge


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
    """Saddles of a map, highest first, and for each pixel a link up and a link down.

    Parameters
    ----------
    z : array of shape (H, W)
    """

    def __init__(self, z):
        self.width = np.shape(z)[1] + 2
        self.z = np.pad(check_heights(z), 1, constant_values=-np.inf).ravel()
        self._up, self._down, saddles = link(self.z, self.width)
        self._saddles = saddles[np.argsort(-self.z[saddles], kind="stable")]

    def islands(self) -> np.ndarray:
        """Peak and saddle of each island (H0), see `islands`."""
        return self._inside(merge(self.z, self.width, self._saddles, self._up.copy(), True))

    def lakes(self) -> np.ndarray:
        """Saddle and pit of each lake (H1), see `lakes`."""
        pairs = merge(self.z, self.width, self._saddles[::-1], self._down.copy(), False)
        return self._inside(pairs)[:, ::-1]

    def _inside(self, padded):
        row, column = np.divmod(padded, self.width)
        return (row - 1) * (self.width - 2) + column - 1
