"""The feedback: the tip follows the surface late, and falls slower than it is pushed up."""

import numpy as np
from numba import njit


def follow(z, lag, drop) -> np.ndarray:
    """Return what a first-order feedback reports, row by row from left to right.

    Parameters
    ----------
    z : float32 array of shape (H, W), nm
    lag : float, pixels
        Time constant; 0 follows at once.
    drop : float, nm per pixel
        The fastest that the tip comes down.

    Returns
    -------
    float32 array of shape (H, W), nm

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.datasets.scan_feedback import follow
    >>> follow(np.array([[2.0, 2.0, 0.0, 0.0]], dtype=np.float32), lag=0.0, drop=1.5)
    array([[2. , 2. , 0.5, 0. ]], dtype=float32)
    """
    gain = 1.0 if lag == 0 else 1 - np.exp(-1 / lag)
    return _follow(np.ascontiguousarray(z, dtype=np.float32), gain, float(drop))


@njit(cache=True)
def _follow(z, gain, drop):
    seen = np.empty_like(z)
    for i in range(z.shape[0]):
        height = z[i, 0]
        for j in range(z.shape[1]):
            height += max(gain * (z[i, j] - height), -drop)
            seen[i, j] = height
    return seen
