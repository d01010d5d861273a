"""Watershed: part a closed film into grains, along the grooves or steps between them.

Water rises in a relief that is low inside of grains and high between them. Each minimum fills a
basin; where two meet, the shallower joins the deeper one unless it is deep enough to stay a
grain. This equals flooding from the minima that are deep enough, in one pass and without markers.
"""

import cv2
import numpy as np
from numba import njit

ROBUST = 3 * 1.4826  # three standard deviations of Gaussian heights, in median deviations
SQUARE = np.ones((3, 3), np.uint8)


def step_relief(z: np.ndarray) -> np.ndarray:
    """Return how far heights range within 3 x 3 pixels: high at steps, (H, W), unit of z.

    Examples
    --------
    >>> step_relief(np.tile([0.0, 0.0, 0.0, 0.65, 0.65, 0.65], (3, 1)))[1].tolist()
    [0.0, 0.0, 0.65, 0.65, 0.0, 0.0]
    """
    return cv2.morphologyEx(z, cv2.MORPH_GRADIENT, SQUARE)


def groove_depth(relief: np.ndarray) -> float:
    """Return three standard deviations of the relief, from its median deviation.

    Most pixels lie inside of grains, so this is what noise and roughness reach there.
    """
    return float(ROBUST * np.median(np.abs(relief - np.median(relief))))


def watershed(relief: np.ndarray, depth: float) -> tuple[np.ndarray, int]:
    """Part a map into the basins of a relief.

    Parameters
    ----------
    relief : array of shape (H, W)
    depth : float, unit of `relief`
        A basin joins its neighbour when it is no deeper than this below where they meet.

    Returns
    -------
    labels : int32 array of shape (H, W)
        1 to n in the order of their minima along rows; no pixel is left out.
    n : int

    References
    ----------
    F. Meyer, Signal Processing 38 (1994) 113, DOI 10.1016/0165-1684(94)90060-4.

    Examples
    --------
    >>> relief = np.tile([0.0, 1.0, 3.0, 0.0, 0.5, 0.0], (2, 1))
    >>> watershed(relief, depth=1.0)[0][0].tolist()
    [1, 1, 2, 2, 2, 2]
    """
    order = np.argsort(relief, axis=None, kind="stable")
    root = _flood(np.ascontiguousarray(relief, dtype=np.float64), order, float(depth))
    seeds, labels = np.unique(root, return_inverse=True)
    return (labels.reshape(relief.shape) + 1).astype(np.int32), len(seeds)


@njit(cache=True)
def _flood(relief, order, depth):
    """Flat index of the minimum of each pixel's basin."""
    height, width = relief.shape
    heights = relief.ravel()
    parent = np.full(heights.size, -1)  # -1 is dry; else a pixel of the same basin
    time = np.empty(heights.size, np.int64)
    for t, p in enumerate(order):
        time[p] = t
        row, column = divmod(p, width)
        first = -1  # the neighbour that was flooded first
        for r in range(max(0, row - 1), min(height, row + 2)):
            for c in range(max(0, column - 1), min(width, column + 2)):
                q = r * width + c
                if parent[q] >= 0 and (first < 0 or time[q] < time[first]):
                    first = q
        parent[p] = p if first < 0 else _find(parent, first)
        if first < 0:
            continue
        for r in range(max(0, row - 1), min(height, row + 2)):
            for c in range(max(0, column - 1), min(width, column + 2)):
                if parent[r * width + c] < 0:
                    continue
                a, b = _find(parent, p), _find(parent, r * width + c)
                deep, shallow = (a, b) if time[a] < time[b] else (b, a)
                if a != b and heights[p] - heights[shallow] <= depth:
                    parent[shallow] = deep
    for p in range(heights.size):
        parent[p] = _find(parent, p)
    return parent


@njit(cache=True)
def _find(parent, p):
    while parent[p] != p:
        parent[p] = parent[parent[p]]
        p = parent[p]
    return p
