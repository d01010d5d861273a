"""How many pixels the convex hull of each object holds.

A pixel counts with the four middles of its sides, and a hull holds the pixels whose centres lie
in it or on its rim: the definition of scikit-image, here in whole numbers. Coordinates are
doubled, so that middles of sides are whole: the centre of a pixel is at (2 row, 2 column).
"""

import numpy as np
from numba import njit

NONE = np.iinfo(np.int64).max


def convex_counts(labels: np.ndarray, n: int) -> np.ndarray:
    """Return the number of pixels in the convex hull of each object.

    Parameters
    ----------
    labels : int32 array of shape (H, W)
        Holds 1 to n, each at least once, and 0.
    n : int

    Returns
    -------
    int array of shape (n,)

    Examples
    --------
    >>> convex_counts(np.array([[1, 0, 1], [1, 1, 1], [0, 0, 2]], np.int32), 2)
    array([6, 1])
    """
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    return _convex_counts(*_row_spans(labels, n))


@njit(cache=True)
def _row_spans(labels, n):
    """First row of each object, where its rows begin in `left` and `right`, and those."""
    first, last = np.full(n, -1), np.zeros(n, np.int64)
    for r in range(labels.shape[0]):
        for c in range(labels.shape[1]):
            k = labels[r, c] - 1
            if k >= 0:
                if first[k] < 0:
                    first[k] = r
                last[k] = r
    start = np.zeros(n + 1, np.int64)
    start[1:] = np.cumsum(last - first + 1)
    left, right = np.full(start[n], NONE), np.full(start[n], -1)
    for r in range(labels.shape[0]):
        for c in range(labels.shape[1]):
            k = labels[r, c] - 1
            if k >= 0:
                i = start[k] + r - first[k]
                left[i] = min(left[i], c)
                right[i] = c
    return start, left, right


@njit(cache=True)
def _convex_counts(start, left, right):
    out = np.zeros(len(start) - 1, np.int64)
    for k in range(len(out)):
        rows = slice(start[k], start[k + 1])
        # The right side is the left side of the mirror image.
        low, mirrored = _hull_columns(left[rows]), _hull_columns(-right[rows])
        for i in range(len(low)):
            out[k] += -mirrored[i] - low[i] + 1
    return out


@njit(cache=True)
def _hull_columns(first):
    """First column in the hull for each row, from the first column of the object."""
    at, x = _hull_points(first)
    columns = np.empty(len(first), np.int64)
    j = 0
    for i in range(len(first)):
        while at[j + 1] < 2 * i + 1 and j + 2 < len(at):
            j += 1
        run = at[j + 1] - at[j]
        along = x[j] * run + (x[j + 1] - x[j]) * (2 * i + 1 - at[j])
        columns[i] = -(-along // (2 * run))  # rounded up
    return columns


@njit(cache=True)
def _hull_points(first):
    """Corners of the hull's left side: doubled row + 1, and doubled column."""
    at, x = np.empty(2 * len(first) + 1, np.int64), np.empty(2 * len(first) + 1, np.int64)
    m = 0
    for u in range(2 * len(first) + 1):
        v = 2 * first[u // 2] - 1 if u % 2 else _middle(first, u)
        # A corner stays while the hull turns left of it.
        while m > 1 and (x[m - 1] - x[m - 2]) * (u - at[m - 1]) >= (v - x[m - 1]) * (
            at[m - 1] - at[m - 2]
        ):
            m -= 1
        at[m], x[m] = u, v
        m += 1
    return at[:m], x[:m]


@njit(cache=True)
def _middle(first, u):
    """Doubled column of the leftmost upper or lower side's middle between two rows."""
    above, below = first[max(u // 2 - 1, 0)], first[min(u // 2, len(first) - 1)]
    return 2 * min(above, below)
