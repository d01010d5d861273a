"""Levelling: subtract the plane or polynomial that fits a map best."""

import numpy as np

from tmdfeat.parameters import check_integer
from tmdfeat.preprocess.arrays import as_heights, as_mask, orthonormal, without_rounding

# Below this the Gram matrix, whose largest eigenvalue is 1, counts as singular.
SINGULAR = 1e-12


def level_plane(z, mask=None) -> np.ndarray:
    """Subtract the least-squares plane.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN pixels take no part in the fit and stay NaN.
    mask : bool array of shape (H, W), optional
        True where a pixel takes part in the fit; the plane is subtracted everywhere.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`
        Its mean over the pixels that took part is 0.

    Raises
    ------
    ValueError
        If `z` is no map or has no valid pixel, or the mask leaves too few pixels for a plane.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import level_plane
    >>> row, column = np.mgrid[:4, :6]
    >>> bool(np.allclose(level_plane(3.0 + 0.5 * row - 2.0 * column), 0.0))
    True
    """
    return level_polynomial(z, 1, mask)


def level_polynomial(z, degree: int, mask=None) -> np.ndarray:
    """Subtract the least-squares polynomial of a total degree.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN pixels take no part in the fit and stay NaN.
    degree : int
        Total degree: 0 the mean, 1 a plane, 2 also x^2, xy and y^2, and so on.
    mask : bool array of shape (H, W), optional
        True where a pixel takes part in the fit; the polynomial is subtracted everywhere.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Raises
    ------
    ValueError
        If `z` is no map or has no valid pixel, the degree is negative, or the mask leaves too
        few pixels to fix the polynomial where it is to be subtracted.

    Notes
    -----
    The fit uses polynomials that are orthonormal on the grid, so that neither the number of
    pixels nor a large offset costs precision. Where it leaves nothing but rounding, the result
    is exactly 0.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import level_polynomial
    >>> row, column = np.mgrid[:8, :6]
    >>> bool(np.allclose(level_polynomial(7.0 + row * column - column**2, 2), 0.0))
    True
    """
    check_integer("degree", degree, 0)
    powers = [(i, total - i) for total in range(degree + 1) for i in range(total + 1)]
    return subtract_powers(z, powers, mask)


def subtract_powers(z, powers, mask=None) -> np.ndarray:
    """Subtract the best combination of y^i x^j, (i, j) in `powers`.

    Parameters
    ----------
    z : array of shape (H, W)
    powers : list of (int, int)
        With each power also every lower one, as in any polynomial degree.
    mask : bool array of shape (H, W), optional

    Returns
    -------
    array of shape (H, W), float64
    """
    z = as_heights(z, allow_nan=True)
    used = as_mask(mask, z)
    rows = orthonormal(z.shape[0], max(i for i, _ in powers))
    columns = orthonormal(z.shape[1], max(j for _, j in powers))
    kept = np.array([(i, j) for i, j in powers if i < rows.shape[1] and j < columns.shape[1]]).T
    gram = _gram(used.astype(float), rows, columns, kept)
    if mask is not None:
        _check_determined(gram, used)
    out = z - np.mean(z, where=used)
    for _ in range(2):  # the second pass removes the rounding that the Gram matrix cost
        moments = (rows.T @ np.where(used, out, 0.0) @ columns)[*kept]
        coefficients = np.zeros((rows.shape[1], columns.shape[1]))
        coefficients[*kept] = np.linalg.lstsq(gram, moments, rcond=SINGULAR)[0]
        out -= rows @ coefficients @ columns.T
    return without_rounding(out, z)


def _gram(weights, rows, columns, kept) -> np.ndarray:
    i, j = kept
    row_pairs = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    column_pairs = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    sums = row_pairs.T @ weights @ column_pairs
    sums = sums.reshape(rows.shape[1], rows.shape[1], columns.shape[1], columns.shape[1])
    return sums[i[:, None], i[None, :], j[:, None], j[None, :]]


def _check_determined(gram, used) -> None:
    rank = 0
    if used.any():
        rank = np.linalg.matrix_rank(gram, tol=SINGULAR, hermitian=True)
    if rank < len(gram):
        raise ValueError(
            f"the mask leaves {np.count_nonzero(used)} valid pixels, which fix only {rank} of the "
            f"{len(gram)} coefficients. Let more pixels take part, or lower the degree."
        )
