"""Pairs of height levels at a distance, counted: the co-occurrence matrix.

Heights are cut into 32 levels of equal width between -3 Sq and 3 Sq about the mean, what lies
beyond goes to the outermost: an outlier does not move the levels, as it would between minimum
and maximum. Pairs are taken at a distance of so many nm (px) at 0, 45, 90 and 135 degrees, each
pair in both orders, from whole pixels: the offsets are rounded as scikit-image rounds them.
"""

import numpy as np
from numba import njit

from tmdfeat.physical.height import Heights

LEVELS = 32
REACH = 3.0  # Sq
ANGLES = np.radians([0, 45, 90, 135])


def height_levels(z) -> np.ndarray:
    """Quantise heights into 32 levels of 6 Sq / 32 about the mean; all 0 for a flat map.

    Examples
    --------
    >>> height_levels([[0.0, 1.0], [1.0, 0.0]])  # -1 Sq and +1 Sq
    array([[10, 21],
           [21, 10]], dtype=uint8)
    """
    h = Heights(z)
    if not h.size:
        return np.zeros(h.unit.shape, np.uint8)
    scaled = h.unit * (LEVELS / (2 * REACH * h.rms)) + LEVELS / 2
    scaled += 1e-9  # heights on a border belong above it, whichever way the mean was rounded
    return np.clip(scaled, 0, LEVELS - 1).astype(np.uint8)


def pair_offsets(distance: float, pixel_size) -> np.ndarray:
    """Rows down and columns right at each angle, shape (4, 2).

    Examples
    --------
    >>> pair_offsets(4.0, (1.0, 1.0)).tolist()
    [[0, 4], [3, 3], [4, 0], [3, -3]]
    """
    direction = np.stack([np.sin(ANGLES), np.cos(ANGLES)], axis=1)
    return np.rint(direction * distance / np.asarray(pixel_size)).astype(np.int64)


@njit(cache=True)
def _count(rows, offsets, counts):  # pragma: no cover (compiled)
    """Count pairs of levels; rows are padded, so that every partner exists."""
    pad = np.uint64(offsets[0, 1])
    right, left = np.uint64(offsets[1, 1]), np.uint64(-offsets[3, 1])
    for i in range(rows.shape[0] - offsets[2, 0]):
        here, below = rows[i], rows[i + offsets[2, 0]]
        falling, rising = rows[i + offsets[1, 0]], rows[i + offsets[3, 0]]
        for j in range(pad, np.uint64(rows.shape[1]) - pad):
            # Two tables take turns: neighbours often count in one cell, and would wait.
            turn, level = j & np.uint64(1), here[j]
            counts[turn, 0, level, here[j + pad]] += 1
            counts[turn, 1, level, falling[j + right]] += 1
            counts[turn, 2, level, below[j]] += 1
            counts[turn, 3, level, rising[j - left]] += 1


def cooccurrence(levels: np.ndarray, offsets: np.ndarray, n_levels: int = LEVELS) -> np.ndarray:
    """Probability of each pair of levels, in both orders, at each of four offsets.

    Parameters
    ----------
    levels : uint8 array of shape (H, W)
        Below `n_levels`.
    offsets : int array of shape (4, 2)
        From `pair_offsets`, below (H, W).
    n_levels : int, at most 255

    Returns
    -------
    array of shape (4, n_levels, n_levels)
        Each sums to 1.

    Raises
    ------
    ValueError
        If `levels` is of another type or reaches `n_levels`.

    Examples
    --------
    >>> board = np.array([[0, 1], [1, 0]], dtype=np.uint8)
    >>> cooccurrence(board, pair_offsets(1.0, (1.0, 1.0)), 2)[:2].tolist()
    [[[0.0, 0.5], [0.5, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]
    """
    if levels.dtype != np.uint8 or levels.max() >= n_levels:
        raise ValueError(
            f"levels must be uint8 below {n_levels}, got {levels.dtype} up to {levels.max()}."
        )
    down, right = offsets[2, 0], offsets[0, 1]
    rows, columns = levels.shape
    padded = np.full((rows + down, columns + 2 * right), n_levels, np.uint8)
    padded[:rows, right : right + columns] = levels
    counts = np.zeros((2, 4, n_levels, n_levels + 1), np.uint32)
    _count(padded, offsets, counts)
    ordered = (counts[0] + counts[1])[:, :, :n_levels]
    pairs = (ordered + ordered.transpose(0, 2, 1)).astype(np.float64)
    return pairs / pairs.sum(axis=(1, 2), keepdims=True)
