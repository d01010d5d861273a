"""Keys and vectors by number."""

import numpy as np

from tmdfeat.cache import make_key


def key(i, *recipe):
    """The key of image i, 16 bytes of digest as a real one has."""
    return make_key(int(i).to_bytes(16, "big"), recipe)


def vector(i, n=100):
    return np.random.default_rng(i).normal(size=n).astype(np.float32)
