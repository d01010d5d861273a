"""Clipping at percentiles: spikes and pits come down to the bulk of the heights."""

import numpy as np

from tmdfeat.preprocess.arrays import as_heights


def clip_percentiles(z, low: float = 0.5, high: float = 99.5) -> np.ndarray:
    """Limit heights to the range between two of their percentiles.

    Parameters
    ----------
    z : array of shape (H, W), any unit
        NaN pixels are ignored and stay NaN.
    low, high : float, default 0.5 and 99.5
        Percentiles, linearly interpolated between order statistics.

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Raises
    ------
    ValueError
        If `z` is no map or has no valid pixel, or not 0 <= low < high <= 100.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import clip_percentiles
    >>> clipped = clip_percentiles(np.arange(101.0).reshape(1, 101), 10, 80)
    >>> float(clipped.min()), float(clipped.max())
    (10.0, 80.0)
    """
    check_percentiles(low, high)
    z = as_heights(z, allow_nan=True)
    valid = z[~np.isnan(z)]
    return np.clip(z, *np.percentile(valid, [low, high]))


def check_percentiles(low, high) -> None:
    """Raise unless 0 <= low < high <= 100."""
    if not 0 <= low < high <= 100:
        raise ValueError(f"percentiles must obey 0 <= low < high <= 100, got {low!r}, {high!r}.")
