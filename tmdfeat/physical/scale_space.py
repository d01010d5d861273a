"""Gaussian scale spaces: one map smoothed at many scales, and the maxima in such a stack.

A Gaussian with mirrored edges multiplies each term of a cosine series (DCT-II) by a number. One
forward transform therefore serves all scales, one inverse transform makes each of them, and the
cost does not grow with sigma. Exact also for the truncated kernel, and for kernels wider than
the map.
"""

import numpy as np
from numba import njit
from scipy.fft import dctn, idctn, rfft


def gaussian_scale_space(z, sigmas, truncate=4.0, dtype=np.float64) -> np.ndarray:
    """Smooth a map at several scales, mirrored at the edges.

    Equal to ``scipy.ndimage.gaussian_filter(z, sigma, mode="reflect", truncate=truncate)`` for
    each sigma.

    Parameters
    ----------
    z : array of shape (H, W)
    sigmas : array of shape (S,), or (S, 2) for rows and columns apart
        Standard deviations in pixels; 0 leaves the map as it is.
    truncate : float, default 4.0
        The kernel ends at this many sigmas, rounded to a pixel.
    dtype : float64 or float32
        Precision of transform and result: about 1e-15 or 1e-6 of the largest height.

    Returns
    -------
    array of shape (S, H, W)

    Examples
    --------
    >>> smooth = gaussian_scale_space(np.eye(5), [0.0, 1.0])
    >>> smooth.shape, round(float(smooth[1].mean()), 12)  # the mean stays
    ((2, 5, 5), 0.2)
    """
    rows, columns = _transfers(np.shape(z), sigmas, truncate)
    return _filtered(z, rows[:, None], columns[:, None], dtype)


def dog_scale_space(z, sigmas, truncate=4.0, dtype=np.float64) -> np.ndarray:
    """Difference of each Gaussian of a scale space and the next, bright blobs positive.

    Parameters
    ----------
    z, sigmas, truncate, dtype
        As in `gaussian_scale_space`.

    Returns
    -------
    array of shape (S - 1, H, W)
        Not normalised; divide by ``ratio - 1`` of the sigmas to compare blobs of all sizes.

    Examples
    --------
    >>> dog_scale_space(np.ones((4, 4)), [1.0, 2.0, 4.0]).shape
    (2, 4, 4)
    """
    rows, columns = _transfers(np.shape(z), sigmas, truncate)
    rows = np.stack([rows[:-1], -rows[1:]], axis=1)
    return _filtered(z, rows, np.stack([columns[:-1], columns[1:]], axis=1), dtype)


def log_scale_space(z, sigmas, truncate=4.0, dtype=np.float64) -> np.ndarray:
    """Laplacian of each Gaussian of a scale space times -sigma^2, bright blobs positive.

    Equal to ``-(sigma**2) * scipy.ndimage.gaussian_laplace(z, sigma, mode="reflect")`` for each
    sigma. A Gaussian bump answers most at its own sigma, with half its height.

    Parameters
    ----------
    z, sigmas, truncate, dtype
        As in `gaussian_scale_space`.

    Returns
    -------
    array of shape (S, H, W)

    Examples
    --------
    >>> log_scale_space(np.ones((4, 4)), [1.0, 2.0]).shape
    (2, 4, 4)
    """
    rows, columns = _transfers(np.shape(z), sigmas, truncate)
    bent_rows, bent_columns = _transfers(np.shape(z), sigmas, truncate, _bend)
    rows = np.stack([bent_rows, rows], axis=1)
    return _filtered(z, rows, np.stack([columns, bent_columns], axis=1), dtype)


def _even(offset):
    return np.ones(offset.shape)


def _bend(offset):
    """Of a Gaussian of sigma 1: minus its second derivative over itself."""
    return 1 - offset**2


def _transfers(shape, sigmas, truncate, factor=_even):
    """What each cosine of each axis is multiplied by: two arrays, (S, H) and (S, W)."""
    pairs = np.asarray(sigmas, dtype=float)
    pairs = np.stack([pairs, pairs], axis=1) if pairs.ndim == 1 else pairs
    return tuple(
        np.array([_transfer(sigma, size, truncate, factor) for sigma in column]).reshape(-1, size)
        for size, column in zip(shape, pairs.T, strict=True)
    )


def _transfer(sigma, size, truncate, factor):
    if sigma <= 1e-15:  # as in SciPy: too narrow to divide by
        return np.full(size, factor(np.zeros(1)))
    radius = int(truncate * sigma + 0.5)
    offset = np.arange(-radius, radius + 1)
    weight = np.exp(-0.5 * (offset / sigma) ** 2)
    # Mirrored edges make the map periodic over 2 size pixels; the kernel wraps around with it.
    kernel = weight * factor(offset / sigma)
    wrapped = np.bincount(offset % (2 * size), kernel, minlength=2 * size)
    return rfft(wrapped)[:size].real / weight.sum()


def _filtered(z, rows, columns, dtype):
    """Multiply cosines by sums of products of `rows` (S, k, H) and `columns` (S, k, W)."""
    work = _padded(np.shape(z), dtype)
    work[:] = z
    cosines, work = dctn(work, overwrite_x=True), _padded(np.shape(z), dtype)
    space = np.empty((len(rows), *np.shape(z)), dtype)
    factors = zip(rows.astype(dtype), columns.astype(dtype), strict=True)
    for layer, (row, column) in zip(space, factors, strict=True):
        np.matmul(row.T, column, out=work)
        work *= cosines
        layer[:] = idctn(work, overwrite_x=True)
    return space


def _padded(shape, dtype):
    """Empty array whose rows lie a little apart.

    With rows of 512 or 1024 numbers the values of a column would compete for the same few places
    of the processor's cache, and transforms along columns take three times as long.
    """
    return np.empty((shape[0], shape[1] + 8), dtype)[:, : shape[1]]


def local_maxima(space, threshold) -> np.ndarray:
    """Places of a stack that are above `threshold` and not below any of their 26 neighbours.

    Beyond the edges there is nothing to compare with, so edges can hold maxima. On a plateau
    each place counts.

    Parameters
    ----------
    space : array of shape (S, H, W)
    threshold : float

    Returns
    -------
    array of shape (n, 3)
        Scale, row and column of each, in ascending order.

    Examples
    --------
    >>> local_maxima(np.array([[[0, 1, 0, 3, 2]]]), threshold=0.0).tolist()
    [[0, 0, 1], [0, 0, 3]]
    """
    space = np.ascontiguousarray(space)
    return np.array(_scan(space, threshold), dtype=np.intp).reshape(-1, 3)


@njit(cache=True)
def _scan(space, threshold):
    found = [(0, 0, 0) for _ in range(0)]
    columns = space.shape[2]
    for s, y in np.ndindex(space.shape[:2]):
        for x in range(columns):
            value = space[s, y, x]
            # Most places fail here, before the other neighbours are looked at.
            if (
                value > threshold
                and (x == 0 or value >= space[s, y, x - 1])
                and (x == columns - 1 or value >= space[s, y, x + 1])
                and _tops(space, s, y, x, value)
            ):
                found.append((s, y, x))
    return found


@njit(cache=True)
def _tops(space, s, y, x, value):
    scales, rows, columns = space.shape
    for i in range(max(s - 1, 0), min(s + 2, scales)):
        for j in range(max(y - 1, 0), min(y + 2, rows)):
            for k in range(max(x - 1, 0), min(x + 2, columns)):
                if space[i, j, k] > value:
                    return False
    return True
