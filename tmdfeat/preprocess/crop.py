"""Cropping to the centre of a map."""

import numpy as np

from tmdfeat.parameters import check_integer
from tmdfeat.preprocess.arrays import as_heights


def crop_centre(z, shape) -> np.ndarray:
    """Cut the centre out of a map.

    Parameters
    ----------
    z : array of shape (H, W), any unit, NaN allowed
    shape : int or (int, int)
        Rows and columns to keep. Where the rest is odd, the larger part is cut at the end.

    Returns
    -------
    array of shape `shape`, float64; a copy, so that the large map can be let go

    Raises
    ------
    ValueError
        If `z` is no map, or is smaller than `shape`.

    Examples
    --------
    >>> from tmdfeat.preprocess import crop_centre
    >>> crop_centre([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]], (1, 2))
    array([[2., 3.]])
    """
    z = as_heights(z, allow_nan=True)
    rows, columns = (shape, shape) if np.ndim(shape) == 0 else shape
    for name, new, n in (("rows", rows, z.shape[0]), ("columns", columns, z.shape[1])):
        check_integer(name, new, 1)
        if new > n:
            raise ValueError(
                f"cannot crop to {rows} x {columns} pixels: the map has {z.shape[0]} x "
                f"{z.shape[1]}, too few {name}. Choose a smaller size, or drop this map."
            )
    top, left = (z.shape[0] - rows) // 2, (z.shape[1] - columns) // 2
    return z[top : top + rows, left : left + columns].copy()
