"""Keep of overlapping disks the strongest."""

import numpy as np
from numba import njit


def strongest_apart(centres, radii, overlap=0.5) -> np.ndarray:
    """Choose disks that do not overlap, the strongest first.

    Disk after disk is kept unless it shares more than `overlap` of its own area, or of the
    other's if that is smaller, with one that has been kept before.

    Parameters
    ----------
    centres : array of shape (n, 2)
        Strongest first.
    radii : array of shape (n,)
    overlap : float, default 0.5

    Returns
    -------
    int array of shape (k,)
        Places of the disks that are kept, ascending.

    Examples
    --------
    >>> strongest_apart([[0, 0], [0, 1], [0, 9]], [2, 2, 2])
    array([0, 2])
    """
    centres = np.asarray(centres, dtype=float).reshape(-1, 2)
    return _keep(centres[:, 0], centres[:, 1], np.asarray(radii, dtype=float), overlap)


@njit(cache=True)
def _keep(y, x, radius, overlap):
    kept = np.empty(radius.size, np.int64)
    n = 0
    for i in range(radius.size):
        apart = True
        for j in kept[:n]:
            dy, dx, reach = y[i] - y[j], x[i] - x[j], radius[i] + radius[j]
            if dy * dy + dx * dx >= reach * reach:  # most pairs; their distance is not needed
                continue
            small, large = min(radius[i], radius[j]), max(radius[i], radius[j])
            if _shared(np.hypot(dy, dx), small, large) > overlap:
                apart = False
                break
        if apart:
            kept[n] = i
            n += 1
    return kept[:n].copy()


@njit(cache=True)
def _shared(distance, small, large):
    """Area of the lens of two disks over that of the smaller."""
    if distance <= large - small:
        return 1.0
    a = (distance**2 + small**2 - large**2) / (2 * distance)
    b = distance - a
    lens = small**2 * np.arccos(min(max(a / small, -1.0), 1.0))
    lens += large**2 * np.arccos(min(max(b / large, -1.0), 1.0))
    return (lens - distance * np.sqrt(max(small**2 - a**2, 0.0))) / (np.pi * small**2)
