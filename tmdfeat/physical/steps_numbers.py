"""Terraces by number, from the phase of the staircase's wave."""

import numpy as np


def number_terraces(phase: np.ndarray) -> np.ndarray:
    """Return how many steps lie below each pixel, from any start, float (H, W).

    Parameters
    ----------
    phase : array of shape (H, W)
        Periods, wrapped anywhere, whole numbers at steps. It may grow either way.

    Examples
    --------
    >>> place = np.add.outer(np.zeros(8), np.arange(24) / 6 + 0.01)
    >>> number_terraces(place % 1)[0].tolist() == np.floor(place)[0].tolist()
    True
    """
    ahead = [np.abs(np.median(_difference(phase, axis))) for axis in (0, 1)]
    # Along the axis that crosses most steps, where neighbours differ by far less than a period
    # and each line has the same number of them.
    if ahead[0] > ahead[1]:
        return np.floor(_unwrapped(phase.T).T)
    return np.floor(_unwrapped(phase))


def _difference(phase, axis):
    return (np.diff(phase, axis=axis) + 0.5) % 1 - 0.5


def _unwrapped(phase):
    """Unwrap along rows, and shift rows by whole periods towards the row before."""
    phase = np.unwrap(phase, axis=1, period=1.0)
    shift = np.rint(np.median(np.diff(phase, axis=0), axis=1))
    phase[1:] -= np.cumsum(shift)[:, None]
    return phase
