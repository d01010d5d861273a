"""Order of many heights, from the highest, in time that grows with their number alone."""

import numpy as np
from numba import njit

DIGIT = np.uint64(11)  # bits sorted at once: six passes, and counts that fit the nearest cache


@njit(cache=True)
def descending(values):
    """Places of float64 values from the highest to the lowest, equal ones as they came.

    A radix sort of the bits of the numbers: the bits of positive floats are in their order, those
    of negative ones in reverse.
    """
    keys = values.view(np.uint64).copy()
    sign = np.uint64(1) << np.uint64(63)
    for i in range(keys.size):
        keys[i] = keys[i] if keys[i] & sign else ~keys[i] ^ sign
    places, others = np.arange(keys.size).astype(np.int32), np.empty(keys.size, np.int32)
    moved = np.empty_like(keys)
    for shift in range(0, 64, DIGIT):
        if _by_digit(keys, places, np.uint64(shift), moved, others):
            keys, moved, places, others = moved, keys, others, places
    return places


@njit(cache=True)
def _by_digit(keys, places, shift, moved, others):
    """Move keys and places in order of one digit; return whether it differs at all."""
    mask = (np.uint64(1) << DIGIT) - np.uint64(1)
    starts = np.zeros(int(mask) + 2, np.int32)
    for key in keys:
        starts[((key >> shift) & mask) + np.uint64(1)] += 1
    if starts.max() == keys.size:
        return False
    starts = np.cumsum(starts).astype(np.int32)
    for i in range(keys.size):
        digit = (keys[i] >> shift) & mask
        moved[starts[digit]], others[starts[digit]] = keys[i], places[i]
        starts[digit] += 1
    return True
