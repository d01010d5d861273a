"""Resampling a map to another distance between pixels."""

import numpy as np
from scipy.ndimage import zoom
from scipy.sparse import csr_array

from tmdfeat.parameters import check_integer
from tmdfeat.preprocess.arrays import as_heights


def resample(z, pixel_size, pitch, order: int = 1):
    """Resample a map so that its pixels are `pitch` apart.

    Along an axis that gets fewer pixels, each new one is the exact area-weighted mean of the old
    ones under it, so the map's mean stays. Along an axis that gets more, a spline through the
    old pixels' centres is evaluated (beyond the outermost centres the border pixel continues).

    Parameters
    ----------
    z : array of shape (H, W), any unit
    pixel_size : float or (dy, dx)
        Distance between pixels along rows and columns, nm.
    pitch : float or (dy, dx)
        The distance wanted, nm. The map keeps its extent and gets a whole number of pixels,
        extent / pitch rounded, so the distance reached is extent / number, and not exactly
        `pitch` unless that divides the extent.
    order : int from 1 to 5, default 1
        Order of the spline when pixels are added: 1 is linear, 3 cubic.

    Returns
    -------
    z : array of shape (H', W'), float64
    pixel_size : (float, float)
        The distance reached, nm.

    Raises
    ------
    ValueError
        If `z` is no finite map, a size is not positive, or `pitch` exceeds the map.

    Examples
    --------
    >>> from tmdfeat.preprocess import resample
    >>> resample([[0.0, 2.0, 4.0, 6.0]], pixel_size=(2.0, 1.0), pitch=2.0)
    (array([[1., 5.]]), (2.0, 2.0))
    """
    check_order(order)
    z = as_heights(z)
    sizes, pitches = as_pair("pixel_size", pixel_size), as_pair("pitch", pitch)
    axes = list(zip(z.shape, sizes, pitches, strict=True))
    shape = tuple(_new_length(n, size, wanted) for n, size, wanted in axes)
    out = resize_by_area(z, (min(shape[0], z.shape[0]), min(shape[1], z.shape[1])))
    if out.shape != shape:
        factors = (shape[0] / out.shape[0], shape[1] / out.shape[1])
        out = zoom(out, factors, order=order, mode="nearest", grid_mode=True)
    reached = [n * size / new for (n, size, _), new in zip(axes, shape, strict=True)]
    return out, (reached[0], reached[1])


def resize_by_area(z, shape: tuple[int, int]) -> np.ndarray:
    """Average a map over the areas of new, equally large pixels.

    Each pixel is taken as a constant square; each new one is the mean over the part of the map
    that it covers. Exact for any ratio, and for more pixels than before too.

    Parameters
    ----------
    z : array of shape (H, W)
    shape : (int, int)
        Number of new rows and columns.

    Returns
    -------
    array of that shape, float64

    Examples
    --------
    >>> from tmdfeat.preprocess import resize_by_area
    >>> resize_by_area([[0.0, 3.0, 6.0]], (1, 2))
    array([[1., 5.]])
    """
    z = as_heights(z)
    rows, columns = (area_weights(n, new) for n, new in zip(z.shape, shape, strict=True))
    # No mean leaves the range of what it averages; its rounding may, by which it would show.
    return np.clip((columns @ (rows @ z).T).T, z.min(), z.max())


def area_weights(n: int, new: int) -> csr_array:
    """Shares (new, n) of `n` equal cells in each of `new` equal cells of the same total length."""
    # In units of 1 / (n * new) of the length all borders are whole numbers: no rounding.
    borders = np.union1d(np.arange(n + 1) * new, np.arange(new + 1) * n)
    pieces, starts = np.diff(borders), borders[:-1]
    return csr_array((pieces / n, (starts // n, starts // new)), shape=(new, n))


def as_pair(name: str, value) -> tuple[float, float]:
    """(along rows, along columns) from one number or two, all positive and finite."""
    pair = np.asarray(value, dtype=float)
    if pair.shape not in ((), (2,)) or not (np.isfinite(pair) & (pair > 0)).all():
        raise ValueError(
            f"{name} must be a positive number, or two (rows, columns), got {value!r}."
        )
    return (float(pair.flat[0]), float(pair.flat[-1]))


def check_order(order) -> None:
    """Raise unless 1 <= order <= 5."""
    check_integer("order", order, 1)
    if order > 5:
        raise ValueError(f"order must be at most 5, got {order!r}.")


def _new_length(n: int, size: float, pitch: float) -> int:
    new = round(n * size / pitch)
    if new < 1:
        raise ValueError(
            f"a pitch of {pitch:g} nm is too coarse for a map that is {n * size:g} nm long. "
            "Choose a smaller pitch (it is in nm), or drop this map."
        )
    return new
