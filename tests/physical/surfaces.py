"""Surfaces whose descriptors are known in closed form."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def sine(samples, side=256, amplitude=1.0):
    """Whole periods of `samples` pixels along columns; begins off the crests."""
    phase = 2 * np.pi * (np.arange(side) + 0.5) / samples
    return np.tile(amplitude * np.sin(phase), (side, 1))


def egg_crate(samples, side=256, amplitude=1.0):
    wave = sine(samples, side, amplitude)
    return wave + wave.T


def two_levels(coverage, step=1.0, side=100):
    """A share of rows, `coverage`, is higher by `step`."""
    z = np.zeros((side, side))
    z[: round(coverage * side)] = step
    return z


def gaussian_surface(side=512, seed=0):
    return np.random.default_rng(seed).normal(size=(side, side))


# Whole numbers: differences, quarter turns and factors of two are exact.
whole_maps = hnp.arrays(
    np.int16,
    st.tuples(st.integers(4, 9), st.integers(4, 9)),
    elements=st.integers(-1000, 1000),
)


def turned_and_flipped(z):
    return [
        turn(z) for turn in (np.rot90, np.flipud, np.fliplr, np.transpose, lambda a: np.rot90(a, 2))
    ]
