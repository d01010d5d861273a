"""Square windows of a length in nm, slid over a map pixel by pixel."""

import cv2
import numpy as np
from numba import njit

FEWEST = 3  # pixels across a window; rounding to whole pixels then moves it by 1/6 at most


def window_shape(window: float, pixel_size, shape) -> tuple[int, int] | None:
    """Rows and columns of a window, or None if it has under 3 or does not fit into the map.

    Parameters
    ----------
    window : float
        Side, in the unit of `pixel_size`; rounded to whole pixels along each axis.
    pixel_size : (dy, dx)
    shape : (H, W)

    Examples
    --------
    >>> window_shape(16.0, (4.0, 2.0), (100, 100))
    (4, 8)
    """
    sides = [int(window / step + 0.5) for step in pixel_size]
    fits = all(FEWEST <= side <= most for side, most in zip(sides, shape, strict=True))
    return (sides[0], sides[1]) if fits else None


def window_mean(a: np.ndarray, window: tuple[int, int]) -> np.ndarray:
    """Mean of each window that lies inside the map, shape (H - rows + 1, W - columns + 1).

    Examples
    --------
    >>> window_mean(np.array([[0.0, 2.0, 4.0]] * 2), (2, 2))
    array([[1., 3.]])
    """
    rows, columns = window
    mean = cv2.boxFilter(a, cv2.CV_64F, (columns, rows), anchor=(0, 0))
    return mean[: a.shape[0] - rows + 1, : a.shape[1] - columns + 1]


@njit(cache=True)
def window_variance(a, window):
    """Variance in each window that lies inside the map, up to rounding, which can be below 0.

    In one way through the map: means and mean squares of large maps do not fit the cache.
    """
    (rows, columns), width = window, a.shape[1]
    result = np.empty((a.shape[0] - rows + 1, width - columns + 1))
    down, down_squared = np.zeros(width), np.zeros(width)
    for y in range(a.shape[0]):
        for x in range(width):
            down[x] += a[y, x]
            down_squared[x] += a[y, x] * a[y, x]
        top = y - rows + 1
        if top < 0:
            continue
        _variances(down, down_squared, window, result[top])
        for x in range(width):
            down[x] -= a[top, x]
            down_squared[x] -= a[top, x] * a[top, x]
    return result


@njit(cache=True)
def _variances(down, down_squared, window, result):
    rows, columns = window
    total, squared = np.sum(down[: columns - 1]), np.sum(down_squared[: columns - 1])
    for x in range(result.size):
        total += down[x + columns - 1]
        squared += down_squared[x + columns - 1]
        mean = total / (rows * columns)
        result[x] = squared / (rows * columns) - mean * mean
        total -= down[x]
        squared -= down_squared[x]
