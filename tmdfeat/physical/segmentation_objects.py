"""What a label image says about each of its objects: areas, moments, perimeters, hulls.

Labels count from 1, 0 is background. Lengths are in the unit of the pixel size, positions are
(y, x) from the centre of the first pixel. A pixel is a rectangle, not a point, wherever that
matters: second moments have its own inertia, and perimeters are those of what it stands for.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))


class Moments(NamedTuple):
    """Sums over each object's pixels, arrays of shape (n,).

    Parameters
    ----------
    area : pixel areas
    y, x : centroid
    yy, xx, yx : central second moments, divided by the area
    cubic : complex, mean of ((x - mean) + i (y - mean))^3
    edges : int array (n, 4)
        How many pixels lie on the field's first row, last row, first column, last column.
    """

    area: np.ndarray
    y: np.ndarray
    x: np.ndarray
    yy: np.ndarray
    xx: np.ndarray
    yx: np.ndarray
    cubic: np.ndarray
    edges: np.ndarray


def moments(labels: np.ndarray, n: int, pixel_size=(1.0, 1.0)) -> Moments:
    """Return area, centroid, second and third moments of each object.

    Parameters
    ----------
    labels : int32 array of shape (H, W)
        Holds 1 to n, each at least once, and 0.
    n : int
    pixel_size : (dy, dx)

    Examples
    --------
    >>> m = moments(np.array([[1, 1, 0], [0, 0, 2]], np.int32), 2)
    >>> m.area.tolist(), m.x.tolist(), m.edges[1].tolist()
    ([2.0, 1.0], [0.5, 2.0], [0, 1, 0, 1])
    """
    dy, dx = pixel_size
    sums = _sums(labels, n)
    count = sums[:, 0]
    rows, columns = sums[:, 1] / count, sums[:, 2] / count
    central = _central_sums(labels, rows, columns, dy, dx) / count[:, None]
    edges = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    return Moments(
        area=count * dy * dx,
        y=rows * dy,
        x=columns * dx,
        yy=central[:, 0] + dy**2 / 12,
        xx=central[:, 1] + dx**2 / 12,
        yx=central[:, 2],
        cubic=central[:, 3] + 1j * central[:, 4],
        edges=np.stack([np.bincount(e, minlength=n + 1)[1:] for e in edges], axis=1),
    )


@njit(cache=True)
def _sums(labels, n):
    out = np.zeros((n, 3))
    for r in range(labels.shape[0]):
        for c in range(labels.shape[1]):
            k = labels[r, c] - 1
            if k >= 0:
                out[k, 0] += 1
                out[k, 1] += r
                out[k, 2] += c
    return out


@njit(cache=True)
def _central_sums(labels, rows, columns, dy, dx):
    out = np.zeros((len(rows), 5))
    for r in range(labels.shape[0]):
        for c in range(labels.shape[1]):
            k = labels[r, c] - 1
            if k >= 0:
                y, x = (r - rows[k]) * dy, (c - columns[k]) * dx
                out[k, 0] += y * y
                out[k, 1] += x * x
                out[k, 2] += y * x
                out[k, 3] += x * (x * x - 3 * y * y)
                out[k, 4] += y * (3 * x * x - y * y)
    return out


def crofton_perimeters(labels: np.ndarray, n: int, pixel_size=(1.0, 1.0)) -> np.ndarray:
    """Return the perimeter of each object by Crofton's formula in four directions.

    The boundary of a disk comes out right to a percent, while counting pixel sides would
    be 4 / pi too long. Where an object is cut by the field, the cut counts as perimeter.

    Parameters
    ----------
    labels : int32 array of shape (H, W)
    n : int
    pixel_size : (dy, dx)

    Returns
    -------
    array of shape (n,)

    Examples
    --------
    >>> y, x = np.mgrid[-50:51, -50:51]
    >>> disk = (np.hypot(y, x) <= 40).astype(np.int32)
    >>> round(float(crofton_perimeters(disk, 1)[0] / (2 * np.pi * 40)), 1)
    1.0
    """
    crossings = _crossings(np.pad(labels, 2), n)
    spacing, share = crofton_weights(pixel_size)
    return crossings @ (spacing * share) * np.pi / 2


def crofton_weights(pixel_size) -> tuple[np.ndarray, np.ndarray]:
    """Return, for `NEIGHBOURS`, the distance between parallel lines and the share of angles.

    Examples
    --------
    >>> crofton_weights((1.0, 1.0))[1]
    array([0.25, 0.25, 0.25, 0.25])
    """
    dy, dx = pixel_size
    diagonal = dy * dx / np.hypot(dy, dx)
    flat = np.arctan2(dy, dx) / np.pi  # each direction stands for the angles nearest to it
    return np.array([dy, dx, diagonal, diagonal]), np.array([flat, 0.5 - flat, 0.25, 0.25])


@njit(cache=True)
def _crossings(padded, n):
    out = np.zeros((n + 1, 4))
    for r in range(1, padded.shape[0] - 1):
        for c in range(1, padded.shape[1] - 1):
            here = padded[r, c]
            for k in range(4):
                there = padded[r + NEIGHBOURS[k][0], c + NEIGHBOURS[k][1]]
                if here != there:
                    out[here, k] += 1
                    out[there, k] += 1
    return out[1:]
