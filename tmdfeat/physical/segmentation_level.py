"""Level a map of two levels: the plane that fits when both levels may have their own height."""

import numpy as np

SINGULAR = 1e-9


def two_level_tilt(z: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return the tilt that is left in a map of two levels, about zero, (H, W).

    The plane through a whole map leans towards where islands are; here islands have an offset of
    their own in the same least-squares fit.

    Parameters
    ----------
    z : float64 array of shape (H, W)
    upper : bool array of shape (H, W)

    Examples
    --------
    >>> upper = np.zeros((20, 20), bool)
    >>> upper[2:9, 3:12] = True
    >>> tilt = np.add.outer(0.1 * np.linspace(-1, 1, 20), np.zeros(20))
    >>> bool(np.allclose(two_level_tilt(0.65 * upper + tilt, upper), tilt))
    True
    """
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in z.shape)
    offset = upper - upper.mean()
    # Rows, columns and a constant are orthogonal to each other; only the offset is not.
    down, right = rows @ offset.sum(axis=1), columns @ offset.sum(axis=0)
    gram = np.diag([rows @ rows * z.shape[1], columns @ columns * z.shape[0], np.sum(offset**2)])
    gram[:2, 2] = gram[2, :2] = down, right
    moments = rows @ z.sum(axis=1), columns @ z.sum(axis=0), np.sum(offset * z)
    fit = np.linalg.lstsq(gram, np.array(moments), rcond=SINGULAR)[0]
    return fit[0] * rows[:, None] + fit[1] * columns
