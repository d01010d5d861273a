"""Numbers that describe a co-occurrence matrix (Haralick), as scikit-image's `graycoprops`.

Each takes probabilities of shape (..., L, L) that sum to 1 and returns shape (...).
"""

import numpy as np


def _difference(p: np.ndarray) -> np.ndarray:
    level = np.arange(p.shape[-1], dtype=np.float64)
    return level[:, None] - level


def _total(p: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return p.reshape(*p.shape[:-2], -1) @ weight.ravel()


def contrast(p):
    """Mean squared difference of the levels of a pair.

    Examples
    --------
    >>> float(contrast(np.array([[0.0, 0.5], [0.5, 0.0]])))
    1.0
    """
    return _total(p, _difference(p) ** 2)


def dissimilarity(p):
    """Mean absolute difference of the levels of a pair.

    Examples
    --------
    >>> float(dissimilarity(np.array([[0.25, 0.25], [0.25, 0.25]])))
    0.5
    """
    return _total(p, np.abs(_difference(p)))


def homogeneity(p):
    """Mean of 1 / (1 + squared difference of the levels of a pair).

    Examples
    --------
    >>> float(homogeneity(np.array([[0.0, 0.5], [0.5, 0.0]])))
    0.5
    """
    return _total(p, 1 / (1 + _difference(p) ** 2))


def angular_second_moment(p):
    """Sum of squared probabilities (ASM): 1 if all pairs are alike.

    Examples
    --------
    >>> float(angular_second_moment(np.array([[0.0, 0.5], [0.5, 0.0]])))
    0.5
    """
    return np.einsum("...ij,...ij->...", p, p)


def energy(p):
    """Square root of the angular second moment.

    Examples
    --------
    >>> float(energy(np.array([[0.25, 0.25], [0.25, 0.25]])))
    0.5
    """
    return np.sqrt(angular_second_moment(p))


def correlation(p):
    """Correlation of the levels of a pair, -1 to 1; NaN if there is one level only.

    Examples
    --------
    >>> float(correlation(np.array([[0.0, 0.5], [0.5, 0.0]])))
    -1.0
    """
    level = np.arange(p.shape[-1], dtype=np.float64)
    rows, columns = p.sum(axis=-1), p.sum(axis=-2)
    first = level - (rows @ level)[..., None]
    second = level - (columns @ level)[..., None]
    spread = np.sqrt((rows * first**2).sum(axis=-1) * (columns * second**2).sum(axis=-1))
    covariance = (first * (p @ second[..., None])[..., 0]).sum(axis=-1)
    return np.divide(covariance, spread, out=np.full_like(spread, np.nan), where=spread > 0)


def entropy(p):
    """Entropy of the pairs, nat.

    Examples
    --------
    >>> round(float(entropy(np.array([[0.25, 0.25], [0.25, 0.25]]))), 4)  # ln 4
    1.3863
    """
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    return -np.einsum("...ij,...ij->...", p, logs)
