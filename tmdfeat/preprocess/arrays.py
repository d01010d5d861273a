"""What the functions of this room accept, and the polynomials that two of them fit."""

import numpy as np

# What a fit in double precision leaves of a map that it describes fully, relative to the largest
# height: 13 eps at 1024 x 1024, 49 eps at 4096 x 64. Less than 256 eps, 6e-14, is no height.
ROUNDING = 256 * np.finfo(np.float64).eps


def as_heights(z, *, allow_nan: bool = False) -> np.ndarray:
    """Return `z` as a 2-D float64 array (the same memory if it is one), or say what is wrong.

    Parameters
    ----------
    z : array of shape (H, W)
    allow_nan : bool, default False
        Let missing pixels pass. Infinite ones never do.

    Returns
    -------
    array of shape (H, W), float64

    Raises
    ------
    ValueError
        If `z` is not 2-D, is empty, or holds pixels that are not allowed.
    """
    if isinstance(z, np.ma.MaskedArray):
        z = np.ma.filled(z.astype(np.float64), np.nan)
    z = np.asarray(z, dtype=np.float64)
    if z.ndim != 2 or z.size == 0:
        raise ValueError(
            f"heights must be one map of shape (rows, columns), got shape {z.shape}. "
            "For several maps use the steps, e.g. preprocess.Level().transform(maps)."
        )
    missing = np.count_nonzero(np.isnan(z))
    infinite = np.count_nonzero(np.isinf(z))
    if infinite:
        raise ValueError(
            f"heights must not be infinite, got {infinite} infinite pixels of {z.size}. "
            "Set them to NaN, then fill them, e.g. with preprocess.fill_harmonic."
        )
    if missing == z.size:
        raise ValueError(f"heights hold no valid pixel: all {z.size} are NaN. Drop this map.")
    if missing and not allow_nan:
        raise ValueError(
            f"heights must be finite, got {missing} NaN pixels of {z.size}. "
            "Fill them first, e.g. with preprocess.fill_harmonic."
        )
    return z


def as_mask(mask, z: np.ndarray) -> np.ndarray:
    """Pixels that take part: the valid ones, and of those only the ones that `mask` names."""
    valid = ~np.isnan(z)
    if mask is None:
        return valid
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.shape != z.shape:
        raise ValueError(
            f"mask must be a boolean array of shape {z.shape}, True where a pixel takes part, "
            f"got dtype {mask.dtype} and shape {mask.shape}."
        )
    return valid & mask


def without_rounding(residual: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return what is left of heights `z`, or zeros if all of it is rounding; NaN stays.

    Later, when `z` is gone, nobody can tell rounding from heights: a flat map would be stretched
    to a picture of noise. All or nothing: a map with heights keeps its small ones as they are.
    Rounding to float32, or by a digitiser, came with the map and counts as heights.
    """
    largest = max(np.nanmax(z), -np.nanmin(z))
    left = max(np.nanmax(residual), -np.nanmin(residual))
    if left > ROUNDING * largest:
        return residual
    return np.where(np.isnan(residual), np.nan, 0.0)


def orthonormal(n: int, degree: int) -> np.ndarray:
    """Polynomials of degree 0, 1, ... on `n` equally spaced points, as orthonormal columns.

    `n` points tell no more than `n` polynomials apart, so there are never more columns.
    """
    legendre = np.polynomial.legendre.legvander(np.linspace(-1, 1, n), min(degree, n - 1))
    return np.linalg.qr(legendre)[0]
