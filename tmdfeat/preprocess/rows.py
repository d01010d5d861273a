"""Row alignment: take out what the slow scan axis added to each row (axis 0)."""

import numpy as np

from tmdfeat.parameters import check_integer
from tmdfeat.preprocess.arrays import as_heights, as_mask, orthonormal, without_rounding


def align_rows_median(z, mask=None) -> np.ndarray:
    """Subtract each row's median.

    Robust, but a row of which more than half lies on an island sinks by the island's height.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN pixels are ignored and stay NaN.
    mask : bool array of shape (H, W), optional
        True where a pixel takes part, e.g. the substrate; the shift applies to the whole row.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`
        Each row's median over the pixels that took part is 0.

    Raises
    ------
    ValueError
        If `z` is no map or has no valid pixel, or the mask leaves a row with none.

    Examples
    --------
    >>> from tmdfeat.preprocess import align_rows_median
    >>> align_rows_median([[1.0, 2.0, 9.0], [5.0, 6.0, 7.0]])
    array([[-1.,  0.,  7.],
           [-1.,  0.,  1.]])
    """
    z = as_heights(z, allow_nan=True)
    used = _rows_used(mask, z, at_least=1)
    filled = used.any(axis=1)
    out = z.copy()
    out[filled] -= _row_medians(z[filled], used[filled])[:, None]
    return out


def align_rows_median_diff(z, mask=None) -> np.ndarray:
    """Shift each row by the median of its difference from the row before.

    Keeps steps and islands of any height as long as they enter each row by less than half its
    pixels. The first row stays; a tilt along the slow axis goes too.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN pixels are ignored and stay NaN; rows without any valid pixel are skipped.
    mask : bool array of shape (H, W), optional
        True where a pixel takes part; the shift applies to the whole row.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Raises
    ------
    ValueError
        If `z` is no map, or two rows that follow each other share no column to compare.

    Examples
    --------
    >>> from tmdfeat.preprocess import align_rows_median_diff
    >>> align_rows_median_diff([[0.0, 0.0, 0.0], [2.0, 2.0, 7.0], [1.0, 6.0, 6.0]])
    array([[0., 0., 0.],
           [0., 0., 5.],
           [0., 5., 5.]])
    """
    z = as_heights(z, allow_nan=True)
    used = _rows_used(mask, z, at_least=1)
    filled = np.flatnonzero(used.any(axis=1))
    both = used[filled[1:]] & used[filled[:-1]]
    alone = np.flatnonzero(~both.any(axis=1))
    if len(alone):
        raise ValueError(
            f"rows {filled[alone[0]]} and {filled[alone[0] + 1]} have no valid pixel in the same "
            "column, so they cannot be compared. Fill the map first, or align by the median."
        )
    steps = _row_medians(z[filled[1:]] - z[filled[:-1]], both)
    out = z.copy()
    out[filled[1:]] -= np.cumsum(steps)[:, None]
    return out


def align_rows_polynomial(z, degree: int, mask=None) -> np.ndarray:
    """Subtract from each row its own least-squares polynomial.

    Tall objects bend the fit: without a mask they leave dark streaks beside them.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN pixels take no part and stay NaN.
    degree : int
        0 the mean, 1 a line, 2 a parabola, ...
    mask : bool array of shape (H, W), optional
        True where a pixel takes part in the fit; the polynomial is subtracted everywhere.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Raises
    ------
    ValueError
        If `z` is no map, the degree is negative, or the mask leaves a row with fewer pixels
        than the polynomial has coefficients.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import align_rows_polynomial
    >>> row, column = np.mgrid[:3, :5]
    >>> bool(np.allclose(align_rows_polynomial(row * column**2 - row**3, 2), 0.0))
    True
    """
    check_integer("degree", degree, 0)
    z = as_heights(z, allow_nan=True)
    basis = orthonormal(z.shape[1], degree)
    used = _rows_used(mask, z, at_least=basis.shape[1])
    pairs = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)
    grams = (used.astype(float) @ pairs).reshape(-1, basis.shape[1], basis.shape[1])
    inverse = np.linalg.pinv(grams, rcond=1e-12, hermitian=True)
    size = np.maximum(np.count_nonzero(used, axis=1, keepdims=True), 1)
    out = z - np.sum(z, axis=1, keepdims=True, where=used) / size
    for _ in range(2):  # the second pass removes the rounding that the Gram matrices cost
        moments = np.where(used, out, 0.0) @ basis
        out -= np.einsum("rij,rj->ri", inverse, moments) @ basis.T
    return without_rounding(out, z)


def _row_medians(z, used) -> np.ndarray:
    if used.all():
        return np.median(z, axis=1)
    return np.nanmedian(np.where(used, z, np.nan), axis=1)


def _rows_used(mask, z, at_least: int) -> np.ndarray:
    """Pixels that take part; a mask must leave enough of them in each row that has any."""
    used = as_mask(mask, z)
    poor = ~np.isnan(z).all(axis=1) & (np.count_nonzero(used, axis=1) < at_least)
    if mask is not None and poor.any():
        raise ValueError(
            f"the mask leaves row {np.flatnonzero(poor)[0]} fewer than {at_least} valid pixels. "
            "Let more pixels take part."
        )
    return used
