"""Level a map of two levels: the plane that fits when both may have their own height."""

import cv2
import numpy as np

SINGULAR = 1e-9
BROAD = 0.05  # reach of a box in shorter sides: run twice, it leaves large islands, no terraces
ROUNDS = 8
SETTLED = 1e-3  # share of pixels that may still change sides


def two_levels(z: np.ndarray, find) -> np.ndarray:
    """Level a map that a plane through all of it has tilted; `find` returns where to cut it.

    Begins with the tilt that most of the map has, so that a large island or hole cannot draw
    the first cut across it, then levels and cuts in turns until hardly a pixel changes sides.

    Parameters
    ----------
    z : float64 array of shape (H, W)
    find : callable
        Takes a map, returns a height between the two levels.

    Examples
    --------
    >>> z = np.zeros((40, 40))
    >>> z[:, :10] = 0.65
    >>> tilted = z + 0.04 * np.arange(40)
    >>> level = two_levels(tilted, np.mean)
    >>> bool(np.allclose(level - level[0, -1], z))
    True
    """
    z = z - broad_tilt(z)
    upper = z > find(z)
    for _ in range(ROUNDS):
        z = z - two_level_tilt(z, upper)
        before, upper = upper, z > find(z)
        if np.count_nonzero(before != upper) <= SETTLED * z.size:
            break
    return z


def broad_tilt(z: np.ndarray) -> np.ndarray:
    """Return the plane about zero along which most of the smoothed map lies, (H, W).

    Examples
    --------
    >>> z = np.add.outer(np.zeros(60), np.linspace(-1, 1, 60))
    >>> bool(np.allclose(broad_tilt(z), z, atol=0.01))
    True
    """
    reach = max(1, round(BROAD * min(z.shape)))
    smooth, box = z, (2 * reach + 1, 2 * reach + 1)
    for _ in range(2):
        smooth = cv2.blur(smooth, box, borderType=cv2.BORDER_REPLICATE)
    tilt = np.zeros(z.shape)
    for axis, n in enumerate(z.shape):
        way = min(reach, n - 1)
        if way:
            rows = np.moveaxis(smooth, axis, 0)
            line = np.median(rows[way:] - rows[:-way]) / way * (np.arange(n) - (n - 1) / 2)
            tilt += line[:, None] if axis == 0 else line
    return tilt


def two_level_tilt(z: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return the tilt that is left in a map of two levels, about zero, (H, W).

    The plane through a whole map leans towards where islands are; here islands have an offset of
    their own in the same least-squares fit.

    Parameters
    ----------
    z : float64 array of shape (H, W)
    upper : bool array of shape (H, W)

    Examples
    --------
    >>> upper = np.zeros((20, 20), bool)
    >>> upper[2:9, 3:12] = True
    >>> tilt = np.add.outer(0.1 * np.linspace(-1, 1, 20), np.zeros(20))
    >>> bool(np.allclose(two_level_tilt(0.65 * upper + tilt, upper), tilt))
    True
    """
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in z.shape)
    offset = upper - upper.mean()
    # Rows, columns and a constant are orthogonal to each other; only the offset is not.
    down, right = rows @ offset.sum(axis=1), columns @ offset.sum(axis=0)
    gram = np.diag([rows @ rows * z.shape[1], columns @ columns * z.shape[0], np.sum(offset**2)])
    gram[:2, 2] = gram[2, :2] = down, right
    moments = rows @ z.sum(axis=1), columns @ z.sum(axis=0), np.sum(offset * z)
    fit = np.linalg.lstsq(gram, np.array(moments), rcond=SINGULAR)[0]
    return fit[0] * rows[:, None] + fit[1] * columns


def valley(z: np.ndarray, upper: np.ndarray) -> float:
    """Return how many heights lie between two levels, over those near the rarer of them.

    Parameters
    ----------
    z : array of shape (H, W)
    upper : bool array of shape (H, W)

    Returns
    -------
    float
        NaN if one of the levels is empty.

    Examples
    --------
    >>> z = np.linspace(0, 1, 10000).reshape(100, 100)
    >>> round(valley(z, z > 0.5), 1)
    1.0
    """
    if upper.all() or not upper.any():
        return np.nan
    low, high = np.median(z[~upper]), np.median(z[upper])
    reach, levels = (high - low) / 8, (low, (low + high) / 2, high)
    near = [np.count_nonzero(np.abs(z - level) <= reach) for level in levels]
    fewest = min(near[0], near[2])  # none, where a median lies between two far heights
    return float(near[1] / fewest) if fewest else np.nan
