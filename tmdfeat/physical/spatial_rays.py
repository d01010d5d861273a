"""Walks over a field of lags, outward from lag 0, for autocorrelation and height differences.

A field holds rows of lags 0 to R and columns of lags -C to C, lag 0 at (0, C): half of the plane,
the other half is its mirror image. Directions are (row, column) in pixels per unit of length,
over half a turn; between its pixels the field is bilinear.
"""

import numpy as np
from numba import njit


def directions(reach: float, pixel_size: tuple[float, float]) -> np.ndarray:
    """Rays about a pixel apart at `reach`, and at most a degree, over half a turn; shape (n, 2).

    Their number is even, so that quarter turns and flips map them onto each other.
    """
    dy, dx = pixel_size
    count = max(180, 2 * round(np.pi * reach / min(dy, dx) / 2))
    angle = np.pi * np.arange(count) / count
    return np.stack([np.sin(angle) / dy, np.cos(angle) / dx], axis=1)


@njit(cache=True)
def _at(field, y, x):
    i = min(int(y), field.shape[0] - 2)
    j = min(int(x), field.shape[1] - 2)
    y -= i
    x -= j
    near = (1 - x) * field[i, j] + x * field[i, j + 1]
    far = (1 - x) * field[i + 1, j] + x * field[i + 1, j + 1]
    return (1 - y) * near + y * far


@njit(cache=True)
def first_crossings(field, rays, level, step, reach):
    """Length at which the field first falls to `level` along each ray; inf if not within reach."""
    lengths = np.full(len(rays), np.inf)
    centre = field.shape[1] // 2
    for k in range(len(rays)):
        before = field[0, centre]
        for n in range(1, int(reach / step) + 1):
            here = _at(field, n * step * rays[k, 0], centre + n * step * rays[k, 1])
            if here <= level:
                lengths[k] = step * (n - 1 + (before - level) / (before - here))
                break
            before = here
    return lengths


@njit(cache=True)
def ring_mean(field, rays, radius):
    """Mean of the field over all directions at one distance."""
    centre = field.shape[1] // 2
    total = 0.0
    for k in range(len(rays)):
        total += _at(field, radius * rays[k, 0], centre + radius * rays[k, 1])
    return total / len(rays)
