"""Work on large arrays some rows at a time, so that what lies between stays in the cache.

A map of 2048 x 2048 heights is as large as a processor's cache. Whole arrays for each step of a
formula would then go to main memory and back, and cost a pixel more than on a small map.
"""

from collections.abc import Callable, Iterator

import numpy as np

PIXELS = 2**15  # 256 kB; a few such arrays fit the cache of one core


def row_blocks(a: np.ndarray) -> Iterator[slice]:
    """Slices of about `PIXELS` elements along the first axis, which together are the whole.

    Examples
    --------
    >>> list(row_blocks(np.empty((5, 2**14))))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = max(1, PIXELS * len(a) // max(a.size, 1))
    return (slice(start, start + step) for start in range(0, len(a), step))


def block_mean(of: Callable, *arrays: np.ndarray) -> float:
    """Mean of ``of(*arrays)``, a function that takes each element by itself.

    Examples
    --------
    >>> block_mean(np.square, np.array([1.0, 2.0, 3.0]))
    4.666666666666667
    """
    total = sum(float(np.sum(of(*(a[b] for a in arrays)))) for b in row_blocks(arrays[0]))
    return total / arrays[0].size


def block_map(of: Callable, *arrays: np.ndarray, dtype=np.float64) -> np.ndarray:
    """Array ``of(*arrays)`` of a function that takes each element by itself.

    Examples
    --------
    >>> block_map(np.hypot, np.array([3.0, 5.0]), np.array([4.0, 12.0]))
    array([ 5., 13.])
    """
    result = np.empty(arrays[0].shape, dtype)
    for block in row_blocks(arrays[0]):
        result[block] = of(*(a[block] for a in arrays))
    return result
