"""What every descriptor asks of its array, and when a map counts as flat."""

import numpy as np

from tmdfeat.heightmap import ROUNDING as ROUNDING  # for the other files of this room
from tmdfeat.heightmap import is_flat_between


def check_heights(z) -> np.ndarray:
    """Return heights as a finite 2-D float64 array.

    Parameters
    ----------
    z : array of shape (H, W)
        Real numbers of any dtype.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` is not 2-D, is empty, or holds NaN or infinite values.

    Examples
    --------
    >>> check_heights([[1, 2], [3, 4]]).dtype
    dtype('float64')
    """
    z = np.asarray(z)
    if z.dtype.kind not in "iufb":
        raise TypeError(f"heights must be real numbers, got an array of dtype {z.dtype}.")
    if z.ndim != 2 or z.size == 0:
        raise ValueError(
            f"heights must be 2-D (rows, columns) and not empty, got shape {z.shape}. "
            "For several maps use PhysicalFeatures."
        )
    z = z.astype(np.float64, copy=False)
    bad = z.size - np.count_nonzero(np.isfinite(z))
    if bad:
        raise ValueError(
            f"heights must be finite, got {bad} NaN or infinite pixels of {z.size}. "
            "Fill missing pixels first."
        )
    return z


def check_pixel_size(pixel_size) -> tuple[float, float]:
    """Return (dy, dx) from one positive number or a pair of them.

    Examples
    --------
    >>> check_pixel_size(2)
    (2.0, 2.0)
    """
    pair = np.broadcast_to(np.asarray(pixel_size, dtype=float), (2,))
    if not (np.isfinite(pair).all() and (pair > 0).all()):
        raise ValueError(f"pixel_size must be positive, or (dy, dx), got {pixel_size!r}.")
    return float(pair[0]), float(pair[1])


def about_mean(z: np.ndarray) -> np.ndarray:
    """Return heights about their mean, exactly 0 if the map is flat.

    Examples
    --------
    >>> about_mean(np.array([[1.0, 3.0]])), about_mean(np.full((1, 2), 0.1))
    (array([[-1.,  1.]]), array([[0., 0.]]))
    """
    return np.zeros_like(z) if is_flat(z) else z - z.mean()


def in_units(deviation: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the largest deviation, and all in units of it: squares then stay in range.

    Examples
    --------
    >>> in_units(np.array([[-1e-200, 5e-201]]))
    (1e-200, array([[-1. ,  0.5]]))
    """
    size = float(max(deviation.max(), -deviation.min()))  # no second array, as abs would be
    return size, deviation / size if size else deviation


def is_flat(z: np.ndarray) -> bool:
    """Whether all values are equal up to the rounding of the largest of them.

    Examples
    --------
    >>> is_flat(np.full((2, 2), 0.1)), is_flat(np.array([[0.0, 1e-12]]))
    (True, False)
    """
    return is_flat_between(z.min(), z.max())
