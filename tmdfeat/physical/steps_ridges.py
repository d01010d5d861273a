"""Where a map is steepest: ridges of the gradient, one pixel wide, and the drop across them."""

from typing import NamedTuple

import cv2
import numpy as np
from numba import njit

SMOOTHING = 1.5  # px, of the gradient
ABOVE_NOISE = 4.0  # smallest gradient of a step, in standard deviations of one component
FLOOR = 0.1  # and in units of the steep end (99 %) of all ridges
QUARTILE = np.sqrt(2 * np.log(4 / 3))  # lower quartile of a gradient of deviation 1
REACH = 3.0  # px to each side of a ridge, where the heights of both sides are taken


class Ridges(NamedTuple):
    """Pixels on ridges of the gradient, arrays of shape (n,).

    Parameters
    ----------
    row, column : int
    y, x : unit vector uphill, in nm
    size : gradient
    length : nm of ridge that a pixel stands for
    """

    row: np.ndarray
    column: np.ndarray
    y: np.ndarray
    x: np.ndarray
    size: np.ndarray
    length: np.ndarray

    def where(self, kept) -> "Ridges":
        """Return the pixels that a bool array (n,) marks."""
        return Ridges(*(values[kept] for values in self))


def gradient(z: np.ndarray, pixel_size, smoothing: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient of the map smoothed by so many pixels, two arrays (H, W)."""
    smooth = cv2.GaussianBlur(z, (0, 0), smoothing, borderType=cv2.BORDER_REPLICATE)
    return _central(smooth, pixel_size[0], 0), _central(smooth, pixel_size[1], 1)


def find_ridges(gy: np.ndarray, gx: np.ndarray, pixel_size) -> Ridges:
    """Return the pixels at which the gradient is largest along itself, in lines one pixel wide.

    Parameters
    ----------
    gy, gx : arrays of shape (H, W)
        Gradient along rows and columns, in nm.
    pixel_size : (dy, dx)

    Examples
    --------
    >>> step = np.repeat(np.arange(20) // 10, 12).reshape(20, 12).astype(float)
    >>> ridges = find_ridges(*gradient(step, (2.0, 2.0), 1.5), (2.0, 2.0))
    >>> set(ridges.row.tolist()), float(ridges.y[0]), float(ridges.length.sum())
    ({10}, 1.0, 20.0)
    """
    dy, dx = pixel_size
    steep = np.hypot(gy, gx)
    row, column = np.nonzero(_is_ridge(steep, gy, gx, dy, dx))
    size = steep[row, column]
    y, x = gy[row, column] / size, gx[row, column] / size
    # A line of pixels has one of them per row or per column, whichever are more.
    return Ridges(row, column, y, x, size, 1 / np.maximum(np.abs(x) / dy, np.abs(y) / dx))


def clear_ridges(ridges: Ridges, steep: np.ndarray) -> Ridges:
    """Return the ridges that stand above the noise of the gradient `steep`, (H, W).

    The noise is read from the flat quarter of the map.
    """
    if ridges.size.size == 0:
        return ridges
    noise = float(np.quantile(steep, 0.25)) / QUARTILE
    limit = max(ABOVE_NOISE * noise, FLOOR * float(np.quantile(ridges.size, 0.99)))
    return ridges.where(ridges.size > limit)


def drops(z: np.ndarray, ridges: Ridges, pixel_size) -> np.ndarray:
    """Return how much higher the map is 3 px uphill of a ridge than 3 px downhill, (n,).

    NaN where either place lies outside of the map. Heights between pixels are interpolated
    linearly.

    Examples
    --------
    >>> step = np.repeat(np.arange(20) // 10, 12).reshape(20, 12) * 0.65
    >>> ridges = find_ridges(*gradient(step, (2.0, 2.0), 1.5), (2.0, 2.0))
    >>> float(np.nanmedian(drops(step, ridges, (2.0, 2.0))).round(6))
    0.65
    """
    way = REACH * min(pixel_size)
    up, right = way * ridges.y / pixel_size[0], way * ridges.x / pixel_size[1]
    high = _interpolate(z, ridges.row + up, ridges.column + right)
    return high - _interpolate(z, ridges.row - up, ridges.column - right)


def median3(z: np.ndarray) -> np.ndarray:
    """Median over 3 x 3 pixels, the edge repeated; in single precision about the mean."""
    middle = z.mean()
    size = np.abs(z - middle).max() or 1.0
    unit = ((z - middle) / size).astype(np.float32)
    return cv2.medianBlur(unit, 3).astype(np.float64) * size


def _central(z, step, axis):
    """Central differences; half of the one-sided difference at the edge."""
    padded = np.pad(z, [(int(axis == 0),) * 2, (int(axis == 1),) * 2], mode="edge")
    rows = np.moveaxis(padded, axis, 0)
    return np.moveaxis(rows[2:] - rows[:-2], 0, axis) / (2 * step)


@njit(cache=True)
def _is_ridge(steep, gy, gx, dy, dx):
    """Steepest of its row where the ridge runs down the rows, else steepest of its column."""
    out = np.zeros(steep.shape, np.bool_)
    for r in range(1, steep.shape[0] - 1):
        for c in range(1, steep.shape[1] - 1):
            down = abs(gy[r, c]) * dy > abs(gx[r, c]) * dx
            size = gy[r, c] if down else gx[r, c]
            k = 1 if size > 0 else -1
            ahead = steep[r + k, c] if down else steep[r, c + k]
            behind = steep[r - k, c] if down else steep[r, c - k]
            # Of two equal neighbours across the ridge the uphill one counts.
            out[r, c] = size != 0 and steep[r, c] > ahead and steep[r, c] >= behind
    return out


@njit(cache=True)
def _value(z, y, x):
    """Interpolate linearly, inside of the map."""
    r, c = min(int(y), z.shape[0] - 2), min(int(x), z.shape[1] - 2)
    y, x = y - r, x - c
    top = z[r, c] * (1 - x) + z[r, c + 1] * x
    return top * (1 - y) + (z[r + 1, c] * (1 - x) + z[r + 1, c + 1] * x) * y


@njit(cache=True)
def _interpolate(z, y, x):
    out = np.full(len(y), np.nan)
    for i in range(len(y)):
        if 0 <= y[i] <= z.shape[0] - 1 and 0 <= x[i] <= z.shape[1] - 1:
            out[i] = _value(z, y[i], x[i])
    return out
