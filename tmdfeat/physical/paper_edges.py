"""Paper family, second part: step edges, by Canny's filter as scikit-image has it.

Narrow Gaussian, Sobel gradients, ridges of the gradient, two thresholds. scikit-image spends most
of its time between these steps; here each is one pass, with the same sums in the same order.
"""

import cv2
import numpy as np
from numba import njit

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.paper import SOURCE, Grey, grey
from tmdfeat.physical.paper_smooth import smooth

SIGMA = 0.3
# scikit-image holds the lower threshold in single precision.
LOW, HIGH = float(np.float32(0.1)), 0.2
SQUARE = np.ones((3, 3), np.uint8)


def paper_step_edges(z) -> float:
    """Number of 4-connected pieces of Canny edges (sigma 0.3 px), closed by 3x3 pixels.

    Quirk: a count, neither a length nor a density; it grows with the number of pixels.

    Examples
    --------
    >>> paper_step_edges(np.pad(np.ones((6, 6)), 5))  # the outline of one square island
    1.0
    """
    widened = cv2.dilate(canny(grey(z).grey), SQUARE)
    # Outside counts as empty, so that closing ends one pixel before the border.
    closed = cv2.erode(widened, SQUARE, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return float(cv2.connectedComponents(closed, connectivity=4)[0] - 1)


def canny(image) -> np.ndarray:
    """Mark edges as ``skimage.feature.canny(image, sigma=0.3)`` does.

    Parameters
    ----------
    image : array of shape (H, W)
        Values 0 to 1.

    Returns
    -------
    array of shape (H, W), uint8
        1 on edges, which are one pixel wide, and 0 elsewhere.

    Examples
    --------
    >>> canny(np.tile([0.0, 0.0, 0.0, 1.0, 1.0, 1.0], (4, 1)))[1]
    array([0, 0, 1, 1, 0, 0], dtype=uint8)
    """
    smoothed = _mean_inside(image)
    ridges, strong = _ridges(smoothed, _slope(smoothed))
    count, labels = cv2.connectedComponents(ridges, connectivity=8)
    keep = np.zeros(count, np.uint8)
    keep[labels[strong.view(bool)]] = 1
    return keep[labels]


def _mean_inside(image):
    """Smooth, with weights that add up to one over the pixels inside."""
    smoothed = smooth(image, SIGMA, "zero")
    # The kernel reaches one pixel far, so that three rows of weights stand for all.
    weights = smooth(np.ones((min(len(image), 3), image.shape[1])), SIGMA, "zero")
    weights += np.finfo(float).eps
    smoothed[1:-1] /= weights[1:-1]
    for end in {0, len(image) - 1}:
        smoothed[end] /= weights[min(end, 2)]
    return smoothed


@njit(cache=True)
def _slope(image):
    slope = np.empty(image.shape)
    for y in range(len(image)):
        for x in range(image.shape[1]):
            down, right = _gradient(image, y, x)
            slope[y, x] = np.sqrt(down * down + right * right)
    return slope


@njit(cache=True)
def _gradient(image, y, x):
    """Sobel's gradient, down and to the right; the edge pixel stands for what lies outside."""
    above, here = image[max(y - 1, 0)], image[y]
    below = image[min(y + 1, len(image) - 1)]
    a, b = max(x - 1, 0), min(x + 1, len(here) - 1)
    down = (below[x] - above[x]) * 2 + ((below[a] - above[a]) + (below[b] - above[b]))
    right = (here[b] - here[a]) * 2 + ((above[b] - above[a]) + (below[b] - below[a]))
    return down, right


@njit(cache=True)
def _ridges(image, slope):
    """Pixels not below either neighbour across the edge, as 0 and 1: all, and steep ones."""
    ridges, strong = np.zeros(slope.shape, np.uint8), np.zeros(slope.shape, np.uint8)
    for y in range(1, len(slope) - 1):
        for x in range(1, slope.shape[1] - 1):
            if slope[y, x] >= LOW and _is_ridge(image, slope, y, x):
                ridges[y, x] = 1
                strong[y, x] = slope[y, x] >= HIGH
    return ridges, strong


@njit(cache=True)
def _is_ridge(image, slope, y, x):
    """Compare with both neighbours along the gradient, between a side and a corner."""
    down, right = _gradient(image, y, x)
    turn = 1 if (down <= 0) == (right <= 0) else -1
    steep, flat = abs(down), abs(right)
    if steep > flat or (steep == flat and turn < 0):
        share, dy, dx = flat / steep, turn, 0
    else:
        share, dy, dx = steep / flat, 0, 1
    ahead = slope[y + turn, x + 1] * share + slope[y + dy, x + dx] * (1.0 - share)
    behind = slope[y - turn, x - 1] * share + slope[y - dy, x - dx] * (1.0 - share)
    return ahead <= slope[y, x] and behind <= slope[y, x]


DESCRIPTORS = (
    Descriptor("paper_step_edges", paper_step_edges, family="paper", source=SOURCE, prepare=Grey),
)
