"""Filling missing (NaN) pixels from the pixels around them."""

import numpy as np
from scipy.ndimage import distance_transform_edt
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from tmdfeat.parameters import check_number
from tmdfeat.preprocess.arrays import as_heights


def fill_nearest(z, max_missing: float = 0.2) -> np.ndarray:
    """Give each missing pixel the height of the nearest valid one (in pixels).

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN marks missing pixels.
    max_missing : float, default 0.2
        Largest share of missing pixels that is filled.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`, without NaN

    Raises
    ------
    ValueError
        If `z` is no map, more than `max_missing` of it is missing, or no pixel is valid.

    Examples
    --------
    >>> from tmdfeat.preprocess import fill_nearest
    >>> fill_nearest([[1.0, float("nan"), 4.0, 4.0, 4.0, 4.0], [1.0, 1.0, 4.0, 4.0, 4.0, 4.0]])[0]
    array([1., 1., 4., 4., 4., 4.])
    """
    z, missing = _missing(z, max_missing)
    if not missing.any():
        return z.copy()
    nearest = distance_transform_edt(missing, return_distances=False, return_indices=True)
    return z[tuple(nearest)]


def fill_harmonic(z, max_missing: float = 0.2) -> np.ndarray:
    """Span each hole like a soap film: every missing pixel is the mean of its neighbours.

    The discrete Laplace equation with four neighbours, free at the borders of the map. What is
    filled stays between the lowest and the highest pixel around the hole.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN marks missing pixels.
    max_missing : float, default 0.2
        Largest share of missing pixels that is filled.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`, without NaN

    Raises
    ------
    ValueError
        If `z` is no map, more than `max_missing` of it is missing, or no pixel is valid.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import fill_harmonic
    >>> row, column = np.mgrid[:9.0, :9.0]
    >>> plane = 2 * row - column
    >>> holed = np.where((abs(row - 4) < 2) & (abs(column - 4) < 2), np.nan, plane)
    >>> bool(np.allclose(fill_harmonic(holed), plane))
    True
    """
    z, missing = _missing(z, max_missing)
    out = z.copy()
    if missing.any():
        out[missing] = _solve_laplace(z, missing)
    return out


def check_max_missing(max_missing) -> None:
    """Raise unless 0 < max_missing <= 1."""
    check_number("max_missing", max_missing, 0, 1)


def _missing(z, max_missing):
    check_max_missing(max_missing)
    z = as_heights(z, allow_nan=True)
    missing = np.isnan(z)
    if missing.mean() > max_missing:
        raise ValueError(
            f"{missing.mean():.1%} of the pixels are missing, more than max_missing="
            f"{max_missing:.0%}: most of the map would be made up. Crop it to the part that was "
            "measured, drop it, or raise max_missing."
        )
    return z, missing


def _solve_laplace(z, missing) -> np.ndarray:
    n = np.count_nonzero(missing)
    number = np.full(z.shape, -1)
    number[missing] = np.arange(n)
    level = np.mean(z[~missing])
    degree, known, rows, columns = np.zeros(n), np.zeros(n), [], []
    for here, there in _neighbours():
        inside, mine, other = missing[here], number[here], number[there]
        np.add.at(degree, mine[inside], 1)
        edge = inside & ~missing[there]
        np.add.at(known, mine[edge], z[there][edge] - level)
        inner = inside & missing[there]
        rows.append(mine[inner])
        columns.append(other[inner])
    row = np.concatenate([np.arange(n), *rows])
    column = np.concatenate([np.arange(n), *columns])
    value = np.concatenate([degree, -np.ones(len(row) - n)])
    laplacian = coo_array((value, (row, column)), shape=(n, n)).tocsc()
    # No soap film leaves the range of its border; its rounding may, by which it would show.
    return np.clip(level + spsolve(laplacian, known), z[~missing].min(), z[~missing].max())


def _neighbours():
    first, last, whole = slice(None, -1), slice(1, None), slice(None)
    vertical = ((first, whole), (last, whole))
    horizontal = ((whole, first), (whole, last))
    return [vertical, vertical[::-1], horizontal, horizontal[::-1]]
