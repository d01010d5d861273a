"""Of blobs that overlap, the smaller goes: scikit-image's rule, in scikit-image's order.

Who survives a chain of overlaps depends on which pair is looked at first. scikit-image follows the
order in which Python walks SciPy's set of neighbouring pairs, so that published counts need
this one, and `paper_order` states it. Another order changes 0 to 2 counts in 300.
"""

import numpy as np
from numba import njit
from scipy.spatial import cKDTree

from tmdfeat.physical.paper_order import set_order

OVERLAP = 0.5


def count_apart(centres, sigma) -> int:
    """Count the blobs that are left when, of two that overlap by half, the smaller is dropped.

    Parameters
    ----------
    centres : array of shape (n, 2) or (n, 3)
        In the order of scikit-image: highest first. Of two equal blobs the first is dropped.
    sigma : array of shape (n,)
        Standard deviations; a blob is a disk or ball of radius sigma times the root of 2 or 3.

    Returns
    -------
    int

    Examples
    --------
    >>> count_apart(np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 99.0]]), np.array([5.0, 8.0, 5.0]))
    2
    """
    reach = 2 * sigma.max() * np.sqrt(centres.shape[1])
    pairs = cKDTree(centres).query_pairs(reach, output_type="ndarray")
    together = _overlap(centres, sigma, pairs) > OVERLAP
    alive = np.ones(len(sigma), dtype=bool)
    if together.any():
        order = set_order(pairs)
        _drop(pairs[order[together[order]]], sigma, alive)
    return int(alive.sum())


@njit(cache=True)
def _drop(pairs, sigma, alive):
    for i, j in pairs:
        if alive[i] and alive[j]:
            alive[j if sigma[i] > sigma[j] else i] = False


def _overlap(centres, sigma, pairs):
    """Shared part of two disks or balls, over the smaller one; lengths in radii of the larger."""
    i, j = pairs.T
    larger, ndim = np.maximum(sigma[i], sigma[j]), centres.shape[1]
    r = np.minimum(sigma[i], sigma[j]) / larger
    d = np.linalg.norm(centres[i] - centres[j], axis=1) / (larger * np.sqrt(ndim))
    share = np.where(d <= 1 - r, 1.0, 0.0)
    cut = (d > 1 - r) & (d <= 1 + r)
    share[cut] = (_disks if ndim == 2 else _balls)(d[cut], r[cut])
    return share


def _disks(d, r):
    far = np.arccos(np.clip((d**2 + 1 - r**2) / (2 * d), -1, 1))
    near = np.arccos(np.clip((d**2 + r**2 - 1) / (2 * d * r), -1, 1))
    kite = (1 + r - d) * (d - r + 1) * (d + r - 1) * (d + r + 1)
    return (far + r**2 * near - np.sqrt(np.abs(kite)) / 2) / (np.pi * r**2)


def _balls(d, r):
    shape = d**2 + 2 * d * (1 + r) - 3 * (1 + r**2) + 6 * r
    return np.pi / (12 * d) * (1 + r - d) ** 2 * shape / (4 / 3 * np.pi * r**3)
