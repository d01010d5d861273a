"""Paper family, second part: blobs of a difference-of-Gaussians scale space.

The original gives scikit-image's `blob_dog` the picture repeated three times, (H, W, 3), which
takes it for a volume. Equal slices stay equal under every Gaussian, so the scale space is
computed in the plane, and each maximum is repeated at the three depths. Overlapping blobs are
then dropped as scikit-image drops them, pair after pair in the same order, because who survives
depends on that order: it is the one in which Python walks SciPy's set of neighbouring pairs.
"""

from itertools import pairwise

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage.feature import peak_local_max

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.paper import SOURCE, Grey, grey

MIN_SIGMA, MAX_SIGMA, RATIO = 5, 40, 1.6
THRESHOLD, OVERLAP = 0.001, 0.5
DEPTH = 3


def paper_dog_blobs(z) -> float:
    """Number of bright blobs between sigma 5 and 40 px, by differences of Gaussians.

    Quirk: counted in a volume of three equal slices, so a blob may count up to three times or
    swallow its neighbours; the count differs by up to a fifth from that in the plane.

    Examples
    --------
    >>> paper_dog_blobs(np.zeros((16, 16)))
    0.0
    """
    space, sigmas = _scale_space(grey(z).grey)
    peaks = peak_local_max(
        space, threshold_abs=THRESHOLD, exclude_border=False, footprint=np.ones((3, 3, 3))
    )
    if len(peaks) == 0:
        return 0.0
    centres, sigma = _repeat_in_depth(peaks, space, sigmas)
    return float(_count_apart(centres, sigma))


def _scale_space(image):
    steps = int(np.log(MAX_SIGMA / MIN_SIGMA) / np.log(RATIO) + 1)
    sigmas = np.array([MIN_SIGMA * RATIO**i for i in range(steps + 1)])
    smooth = [ndimage.gaussian_filter(image, sigma) for sigma in sigmas]
    space = np.stack([a - b for a, b in pairwise(smooth)], axis=-1)
    return space / (RATIO - 1), sigmas


def _repeat_in_depth(peaks, space, sigmas):
    """Centres (row, column, depth) and sigmas, highest peak first, ties by position."""
    row, column, scale = np.repeat(peaks, DEPTH, axis=0).T
    depth = np.tile(np.arange(DEPTH), len(peaks))
    order = np.lexsort((scale, depth, column, row, -space[row, column, scale]))
    centres = np.stack([row, column, depth], axis=1)[order].astype(float)
    return centres, sigmas[scale[order]]


def _count_apart(centres, sigma):
    """Number of spheres left when, of two that overlap too much, the smaller is dropped."""
    ndim = centres.shape[1]
    near = cKDTree(centres).query_pairs(2 * sigma.max() * np.sqrt(ndim))
    pairs = np.array(list(near), dtype=np.intp).reshape(-1, 2)
    too_close = pairs[_overlap(centres, sigma, pairs) > OVERLAP]
    alive = [True] * len(sigma)
    for i, j in too_close.tolist():
        if alive[i] and alive[j]:
            alive[j if sigma[i] > sigma[j] else i] = False
    return sum(alive)


def _overlap(centres, sigma, pairs):
    """Shared volume of two spheres of radius sigma sqrt(3), over the smaller one's."""
    i, j = pairs.T
    larger = np.maximum(sigma[i], sigma[j])
    r = np.minimum(sigma[i], sigma[j]) / larger
    distance = np.linalg.norm(centres[i] - centres[j], axis=1)
    d = distance / (larger * np.sqrt(centres.shape[1]))
    inside, apart = d <= 1 - r, d > 1 + r
    safe = np.where(inside | apart, 1, d)
    shape = safe**2 + 2 * safe * (1 + r) - 3 * (1 + r**2) + 6 * r
    lens = np.pi / (12 * safe) * (1 + r - safe) ** 2 * shape / (4 / 3 * np.pi * r**3)
    return np.where(inside, 1.0, np.where(apart, 0.0, lens))


DESCRIPTORS = (
    Descriptor("paper_dog_blobs", paper_dog_blobs, family="paper", source=SOURCE, prepare=Grey),
)
