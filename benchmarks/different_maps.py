"""Synthetic AFM scans of which no two are equal: equal ones would pass a network once."""

import numpy as np

from tmdfeat.datasets import make_tmd_afm

MADE = 32


def different_maps(number: int, side: int) -> list[np.ndarray]:
    """Make some scans and shift them: heights in nm, float32 of shape (side, side)."""
    scans = make_tmd_afm(MADE, size=side, random_state=0).images
    return [np.roll(scans[i % MADE].z, i // MADE, axis=1) for i in range(number)]
