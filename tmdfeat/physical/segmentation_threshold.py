"""Heights at which a map is cut in two."""

import numpy as np
from skimage.filters import threshold_multiotsu

BINS = 256
LEVELS = 3
GROUND = 0.01  # smallest share of the map that a level must have to be the ground
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
    counts, low, high = _histogram(z)
    n, sums = np.cumsum(counts), np.cumsum(counts * (np.arange(BINS) + 0.5))
    below, above = n[:-1], n[-1] - n[:-1]
    # Both end bins are filled, so neither part is ever empty.
    gap = sums[:-1] / below - (sums[-1] - sums[:-1]) / above
    between = below.astype(float) * above * gap**2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    return low + (high - low) * float(best[0] + best[-1] + 2) / (2 * BINS)


def multi_otsu(z: np.ndarray) -> float:
    """Return the upper of the two thresholds that part three levels best.

    Above it lies the second layer where substrate, first and second layer show; with heights
    upside down, as for holes, the substrate. With fewer than three heights, Otsu's threshold.

    References
    ----------
    P.-S. Liao, T.-S. Chen and P.-C. Chung, Journal of Information Science and Engineering 17
    (2001) 713.

    Examples
    --------
    >>> bool(0.65 <= multi_otsu(np.repeat([0.0, 0.65, 1.3], [20, 50, 30])) < 1.3)
    True
    """
    counts, low, high = _histogram(z)
    if np.count_nonzero(counts) < LEVELS:
        return otsu(z)
    last = threshold_multiotsu(classes=LEVELS, hist=(counts, np.arange(BINS)))[-1]
    return low + (high - low) * float(last + 1) / BINS


def layer_snap(z: np.ndarray, layer: float) -> float:
    """Return where the first layer above the ground begins, with heights snapped to layers.

    The lattice of whole layers is laid where it fits all heights best (by their mean phase); the
    ground is its lowest level with a hundredth of the map. The cut is half a layer above it.

    Parameters
    ----------
    z : array
    layer : float, unit of z

    Examples
    --------
    >>> round(layer_snap(np.repeat([0.1, 0.7, 1.3], [20, 50, 30]), 0.6), 3)
    0.4
    """
    mean = z.mean()
    turns = (z - mean) / layer
    offset = np.angle(np.exp(2j * np.pi * turns).mean()) / (2 * np.pi)
    level, count = np.unique(np.rint(turns - offset), return_counts=True)
    ground = level[count >= GROUND * z.size]
    return float(mean + (offset + (ground if ground.size else level).min() + 0.5) * layer)


def _histogram(z):
    """Counts in bins from the lowest to the highest height, and these."""
    low, high = float(z.min()), float(z.max())
    # Bins of the unit interval: neither huge nor tiny heights leave the range of numbers.
    place = (z.ravel() - low) / (high - low) * BINS
    return np.bincount(np.minimum(place.astype(np.intp), BINS - 1), minlength=BINS), low, high


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
