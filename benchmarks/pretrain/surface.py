"""One surface: a family, perhaps a second one under it or beside it, perhaps smoothed."""

from typing import NamedTuple

import numpy as np
from families import FAMILIES
from grid import at_share, geometric, linear, make_grid, smooth, squash
from scipy import ndimage
from truth import measure

HIGHEST = 8.0
FAINT, PATCHED, SMOOTHED = 0.3, 0.07, 0.5  # how many surfaces are blended, patched, smoothed


class Surface(NamedTuple):
    """Standardised heights (float32), the family and its u, physical truth, blended or not."""

    heights: np.ndarray
    family: int
    parameters: np.ndarray
    truth: np.ndarray
    blended: bool


def standardise(z):
    """Mean 0 and standard deviation 1, outliers cut at 8 standard deviations."""
    z = np.asarray(z, np.float64)
    spread = z.std() if np.isfinite(z).all() else np.nan
    if not spread >= 1e-9:
        raise ValueError(f"A surface must be finite and not flat, its heights deviate by {spread}.")
    return np.clip((z - z.mean()) / spread, -HIGHEST, HIGHEST).astype(np.float32)


def _drawn(grid, family, rng):
    u = rng.random(3)
    return standardise(list(FAMILIES.values())[family](grid, u, rng)), u


def _second(grid, z, rng):
    """A second family faintly under the first, or beside it in patches."""
    chance = rng.random()
    if chance > FAINT + PATCHED:
        return z, False
    other, _ = _drawn(grid, rng.integers(len(FAMILIES)), rng)
    if chance < FAINT:
        return z + geometric(rng.random(), 0.08, 0.5) * other, True
    patch = at_share(
        smooth(grid, rng, geometric(rng.random(), 20, 80)), linear(rng.random(), 0.6, 0.85)
    )
    first = squash(patch, 0.05)
    return first * z + (1 - first) * other, True


def draw_surface(size, seed, number) -> Surface:
    """Surface of a number, the same whenever and wherever it is drawn.

    The heights are as they are stored, rounded to float16.
    """
    rng, grid = np.random.default_rng([seed, number]), make_grid(size)
    family = int(rng.integers(len(FAMILIES)))
    z, parameters = _drawn(grid, family, rng)
    z, blended = _second(grid, z, rng)
    if rng.random() < SMOOTHED:
        z = ndimage.gaussian_filter(z, geometric(rng.random(), 0.4, 1.6))
    heights = standardise(z).astype(np.float16).astype(np.float32)
    return Surface(heights, family, parameters.astype(np.float32), measure(heights), blended)
