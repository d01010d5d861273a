"""Scars: short horizontal stretches where the tip lost the surface for one to a few rows."""

import numpy as np

from tmdfeat.parameters import check_integer, check_number
from tmdfeat.preprocess.arrays import as_heights


def find_scars(z, *, threshold: float = 3.0, min_length: int = 16, max_rows: int = 4) -> np.ndarray:
    """Mark horizontal runs that stand above, or lie below, the rows on both sides.

    Align the rows first: a row with an offset of its own is one long scar.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        Runs that touch a NaN pixel above or below end there.
    threshold : float, default 3
        A run must differ from both neighbouring rows by more than this many standard deviations
        of the difference between adjacent rows, estimated from the median absolute deviation
        (from the mean absolute deviation on maps where most of these differences are equal).
    min_length : int, default 16
        Fewest pixels in a row, in pixels of the fast axis.
    max_rows : int, default 4
        Most rows that one scar covers.

    Returns
    -------
    bool array of shape (H, W)
        True on scars. The first and last row, which lack a neighbour, are never marked.

    Raises
    ------
    ValueError
        If `z` is no map or a parameter is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import find_scars
    >>> z = np.zeros((32, 64))
    >>> z[7, 10:40] = 5.0
    >>> found = find_scars(z)
    >>> int(found.sum()), bool(found[7, 10:40].all())
    (30, True)
    """
    check_scar_parameters(threshold, min_length, max_rows)
    z = as_heights(z, allow_nan=True)
    limit = threshold * _sigma_of_differences(z)
    marked = np.zeros(z.shape, dtype=bool)
    for height in range(1, min(max_rows, len(z) - 2) + 1):
        for surface in (z, -z):
            runs = _long_runs(_prominence(surface, height) > limit, min_length)
            for offset in range(1, height + 1):
                marked[offset : offset + len(runs)] |= runs
    return marked


def remove_scars(
    z, *, threshold: float = 3.0, min_length: int = 16, max_rows: int = 4
) -> np.ndarray:
    """Replace scars by a straight line between the rows above and below, column by column.

    Parameters
    ----------
    z, threshold, min_length, max_rows
        As in `find_scars`, which returns the pixels that this function replaces.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Raises
    ------
    ValueError
        If `z` is no map or a parameter is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import remove_scars
    >>> z = np.tile(np.arange(32.0)[:, None], (1, 64))
    >>> scarred = z.copy()
    >>> scarred[7:9, 10:40] += 50.0
    >>> bool(np.allclose(remove_scars(scarred), z))
    True
    """
    marked = find_scars(z, threshold=threshold, min_length=min_length, max_rows=max_rows)
    z = as_heights(z, allow_nan=True)
    row = np.arange(len(z))[:, None]
    above = np.maximum.accumulate(np.where(marked, -1, row), axis=0)
    below = np.minimum.accumulate(np.where(marked, len(z), row)[::-1], axis=0)[::-1]
    at, column = np.nonzero(marked)
    above, below = above[at, column], below[at, column]
    share = (at - above) / (below - above)
    out = z.copy()
    out[at, column] = (1 - share) * z[above, column] + share * z[below, column]
    return out


def check_scar_parameters(threshold, min_length, max_rows) -> None:
    """Raise if one of them is out of range."""
    check_number("threshold", threshold, 0, np.inf)
    check_integer("min_length", min_length, 1)
    check_integer("max_rows", max_rows, 1)


def _sigma_of_differences(z) -> float:
    steps = np.diff(z, axis=0)
    steps = steps[~np.isnan(steps)]
    if steps.size == 0:
        return 0.0
    deviation = np.abs(steps - np.median(steps))
    robust, plain = 1.4826 * np.median(deviation), 1.2533 * np.mean(deviation)
    # On a map without noise most differences are equal but for rounding.
    return robust if robust > 1e-6 * plain else plain


def _prominence(z, height: int) -> np.ndarray:
    """How far `height` rows stand above the higher of the two rows around them."""
    n = len(z) - height - 1
    block = np.minimum.reduce([z[1 + k : 1 + k + n] for k in range(height)])
    return block - np.maximum(z[:n], z[height + 1 :])


def _long_runs(flags, min_length: int) -> np.ndarray:
    padded = np.pad(flags, ((0, 0), (1, 1))).astype(np.int8)
    edges = np.flatnonzero(np.diff(padded.ravel()))  # starts and ends take turns
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= min_length
    turns = np.zeros(padded.size, dtype=np.int8)
    turns[starts[long] + 1] = 1
    turns[ends[long] + 1] = -1
    return np.cumsum(turns, dtype=np.int8).reshape(padded.shape)[:, 1:-1].astype(bool)
