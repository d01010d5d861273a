"""Heights at which a map is cut in two."""

import numpy as np

BINS = 256
ROBUST = 3 * 1.4826  # three standard deviations of Gaussian heights, in median deviations


def otsu(z: np.ndarray) -> float:
    """Return Otsu's threshold: the two parts differ most from each other, and least in themselves.

    On a histogram of 256 bins. Of thresholds that part equally well, as between two flat
    levels, the middle one.

    Parameters
    ----------
    z : array
        Not flat.

    References
    ----------
    N. Otsu, IEEE Transactions on Systems, Man, and Cybernetics 9 (1979) 62,
    DOI 10.1109/TSMC.1979.4310076.

    Examples
    --------
    >>> otsu(np.array([0.0, 0.0, 0.0, 2.0]))
    1.0
    """
    low, high = float(z.min()), float(z.max())
    # Bins of the unit interval: neither huge nor tiny heights leave the range of numbers.
    place = (z.ravel() - low) / (high - low) * BINS
    counts = np.bincount(np.minimum(place.astype(np.intp), BINS - 1), minlength=BINS)
    n, sums = np.cumsum(counts), np.cumsum(counts * (np.arange(BINS) + 0.5))
    below, above = n[:-1], n[-1] - n[:-1]
    # Both end bins are filled, so neither part is ever empty.
    gap = sums[:-1] / below - (sums[-1] - sums[:-1]) / above
    between = below.astype(float) * above * gap**2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    return low + (high - low) * float(best[0] + best[-1] + 2) / (2 * BINS)


def robust(z: np.ndarray) -> float:
    """Return the median plus three standard deviations, these from the median deviation.

    For a few objects on a wide ground, which decides both numbers.

    Examples
    --------
    >>> round(robust(np.array([-1.0, -1.0, 0.0, 1.0, 1.0, 50.0, 0.0])), 4)
    4.4478
    """
    middle = np.median(z)
    return float(middle + ROBUST * np.median(np.abs(z - middle)))
