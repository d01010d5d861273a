"""Paper family, third part: blobs of a difference-of-Gaussians scale space.

The original gives scikit-image's `blob_dog` the picture repeated three times, (H, W, 3), which
takes it for a volume. Equal slices stay equal under every Gaussian, so the scale space is
computed in the plane, by cosine transforms, and each maximum is repeated at the three depths.

Transforms round differently from the original's sums, by 1e-15. That can only change the count
where two neighbours, a value and the threshold, or two maxima are equal to 1e-12, as on drawn or
periodic pictures. Where it happens the sums are done as in the original.
"""

import numpy as np
from numba import njit
from scipy import ndimage

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.paper import SOURCE, Grey, grey
from tmdfeat.physical.paper_overlap import count_apart
from tmdfeat.physical.scale_space import dog_scale_space

MIN_SIGMA, RATIO, STEPS = 5, 1.6, 5  # the last sigma is the first above 40
SIGMAS = np.array([MIN_SIGMA * RATIO**i for i in range(STEPS + 1)])
THRESHOLD = 0.001
SLACK = 1e-12


def paper_dog_blobs(z) -> float:
    """Number of bright blobs between sigma 5 and 40 px, by differences of Gaussians.

    Quirk: counted in a volume of three equal slices, so a blob may count up to three times or
    swallow its neighbours; the count differs by up to a fifth from that in the plane.

    Examples
    --------
    >>> paper_dog_blobs(np.zeros((16, 16)))
    0.0
    """
    return float(count_blobs(grey(z).grey, depth=3))


def count_blobs(image, depth=1) -> int:
    """Count as ``len(skimage.feature.blob_dog(image, 5, 40, threshold=0.001))``.

    Parameters
    ----------
    image : array of shape (H, W)
        Values 0 to 1.
    depth : int, default 1
        1 counts in the plane; more, as if so many copies were stacked, (H, W, depth).

    Returns
    -------
    int

    Examples
    --------
    >>> count_blobs(np.pad(np.ones((9, 9)), 20))
    1
    """
    values, places = _maxima(image, depth)
    if len(values) == 0:
        return 0
    scale, row, column = np.repeat(places, depth, axis=0).T
    layer = np.tile(np.arange(depth), len(values))
    # Highest first, ties by position, as scikit-image numbers them.
    order = np.lexsort((scale, layer, column, row, -np.repeat(values, depth)))
    axes = (row, column) if depth == 1 else (row, column, layer)
    return count_apart(np.stack(axes, axis=1)[order].astype(float), SIGMAS[scale[order]])


def _maxima(image, depth):
    """Heights and places (scale, row, column) of all maxima of the scale space."""
    dog = dog_scale_space(image, SIGMAS)
    dog /= RATIO - 1
    places, doubt = _scan(dog, SLACK)
    values = _at(dog, places)
    if doubt or (np.diff(np.sort(values)) <= SLACK).any():
        dog = _summed(image, depth)
        places, _ = _scan(dog, 0.0)
        values = _at(dog, places)
    return values, np.array(places, dtype=int).reshape(-1, 3)


def _at(dog, places):
    return np.array([dog[place] for place in places])


def _summed(image, depth):
    """Scale space of the original: sums over rows, columns and layers."""
    # One layer, mirrored, gives the very sums of many equal ones.
    image = image if depth == 1 else image[:, :, None]
    smooth = [ndimage.gaussian_filter(image, sigma).reshape(image.shape[:2]) for sigma in SIGMAS]
    return (np.array(smooth[:-1]) - np.array(smooth[1:])) * (1 / (RATIO - 1))


@njit(cache=True)
def _scan(dog, slack):
    """Places not below threshold and neighbours by more than `slack`; whether any is close."""
    places = [(0, 0, 0) for _ in range(0)]
    doubt = False
    scales, rows, columns = dog.shape
    for s, y in np.ndindex((scales, rows)):
        row = dog[s, y]
        for x in range(columns):
            low = row[x] + slack
            # Most places fail here, before the other neighbours are looked at.
            if (
                low > THRESHOLD
                and low >= row[max(x - 1, 0)]
                and low >= row[min(x + 1, columns - 1)]
            ):
                rise = row[x] - _highest_neighbour(dog, s, y, x)
                if rise >= -slack:
                    places.append((s, y, x))
                    doubt |= rise <= slack or row[x] - slack <= THRESHOLD
    return places, doubt


@njit(cache=True)
def _highest_neighbour(dog, s, y, x):
    scales, rows, columns = dog.shape
    highest = -np.inf
    for i in range(max(s - 1, 0), min(s + 2, scales)):
        for j in range(max(y - 1, 0), min(y + 2, rows)):
            for k in range(max(x - 1, 0), min(x + 2, columns)):
                if (i, j, k) != (s, y, x):
                    highest = max(highest, dog[i, j, k])
    return highest


DESCRIPTORS = (
    Descriptor("paper_dog_blobs", paper_dog_blobs, family="paper", source=SOURCE, prepare=Grey),
)
