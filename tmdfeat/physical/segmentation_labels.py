"""Number what a mask or a watershed has parted, without what is too small."""

import cv2
import numpy as np


def label(mask: np.ndarray, smallest: float) -> tuple[np.ndarray, int]:
    """8-connected components of at least `smallest` pixels, numbered from 1, and their number.

    Examples
    --------
    >>> label(np.array([[1, 0, 0, 1], [0, 1, 0, 0]], bool), 2)[0].tolist()
    [[1, 0, 0, 0], [0, 1, 0, 0]]
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return without_small(labels, stats[:, cv2.CC_STAT_AREA], smallest)


def without_small(labels: np.ndarray, sizes: np.ndarray, smallest: float):
    """Number anew what is large enough; `sizes` are pixels of each label, 0 being background."""
    kept = sizes >= smallest
    kept[0] = False
    number = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return number[labels], int(kept.sum())
