"""Particles, upright flakes and pits."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tmdfeat.datasets.surface_ranges import POSITIVE, SHARE, check_ranges


@dataclass(frozen=True)
class Objects:
    """What lies on a film or gapes in it; sizes are medians of log-normal distributions.

    Parameters
    ----------
    particles, flakes, pits : float, per µm²
    particle_height, particle_diameter : float, nm
        Particles are halves of ellipsoids.
    flake_height, flake_length : float, nm
        Upright flakes stand at multiples of 60 degrees from the steps' ascent.
    pit_depth, pit_diameter : float, nm
    on_steps : float, 0 to 1
        Fraction of the particles that sits on steps.
    size_spread : float
        Standard deviation of the logarithm of all sizes.
    """

    particles: float = 0.0
    particle_height: float = 2.5
    particle_diameter: float = 16.0
    flakes: float = 0.0
    flake_height: float = 6.0
    flake_length: float = 50.0
    pits: float = 0.0
    pit_depth: float = 0.3
    pit_diameter: float = 15.0
    on_steps: float = 0.0
    size_spread: float = 0.4

    def __post_init__(self):
        sizes = [f"particle_{s}" for s in ("height", "diameter")]
        sizes += ["flake_height", "flake_length", "pit_depth", "pit_diameter"]
        ranges = dict.fromkeys(["particles", "flakes", "pits", "size_spread", *sizes], POSITIVE)
        check_ranges(self, {**ranges, "on_steps": SHARE})


FLAKE_WIDTH = 8.0  # nm
KINDS = ("pits", "particles", "flakes")


class Lying(NamedTuple):
    """Objects of one kind: places (nm), heights, half axes (nm), angle of the first (radians).

    `on_step` is which of them are still to be moved onto the step that is nearest.
    """

    rows: np.ndarray
    columns: np.ndarray
    heights: np.ndarray
    long: np.ndarray
    short: np.ndarray
    angle: np.ndarray
    on_step: np.ndarray


def draw_objects(objects: Objects, azimuth, bounds, rng) -> dict[str, Lying]:
    """Draw particles, flakes and pits.

    Parameters
    ----------
    objects : Objects
    azimuth : float, degrees
        Of the steps' ascent.
    bounds : (first row, last row, first column, last column), nm
    rng : numpy Generator

    Returns
    -------
    dict of str to Lying
        Of the `KINDS`.
    """
    low, high = np.array(bounds[::2]), np.array(bounds[1::2])
    drawn = {}
    for kind in KINDS:
        n = rng.poisson(getattr(objects, kind) * np.prod(high - low) / 1e6)
        rows, columns = rng.uniform(low, high, (n, 2)).T
        tall, wide = np.exp(rng.normal(0, objects.size_spread, (2, n)))
        on_step = np.zeros(n, dtype=bool)
        angle = np.zeros(n)
        if kind == "pits":
            height, radius = -objects.pit_depth, objects.pit_diameter / 2
        elif kind == "particles":
            on_step = rng.random(n) < objects.on_steps
            height, radius = objects.particle_height, objects.particle_diameter / 2
        else:
            angle = np.radians(azimuth + 90 + 60 * rng.integers(0, 3, n))
            height, radius = objects.flake_height, objects.flake_length / 2
        long = radius * wide
        short = np.full(n, FLAKE_WIDTH / 2) if kind == "flakes" else long
        drawn[kind] = Lying(rows, columns, height * tall, long, short, angle, on_step)
    return drawn


def add_objects(z, objects: Objects, steps, frame, rng) -> dict[str, int]:
    """Put particles, flakes and pits onto a surface.

    Parameters
    ----------
    z : float32 array of shape (H, W), nm
        Changed in place.
    objects : Objects
    steps : tmdfeat.datasets.surface_substrate.Steps
    frame : tmdfeat.datasets.surface_frame.Frame
    rng : numpy Generator

    Returns
    -------
    dict of str to int
        How many of each were put into the field or over its border.
    """
    counts = {}
    for kind, lying in draw_objects(objects, steps.azimuth, frame.bounds, rng).items():
        rows, columns, *shapes, on_step = lying
        rows[on_step], columns[on_step] = steps.to_nearest_edge(rows[on_step], columns[on_step])
        for place in zip(rows, columns, *shapes, strict=True):
            _stamp(z, frame, place, flat=kind != "particles")
        counts[kind] = len(rows)
    return counts


def _stamp(z, frame, place, flat) -> None:
    """Add one object: flat-topped with an elliptic outline, or half of an ellipsoid."""
    row, column, height, long, short, angle = place
    i = np.searchsorted(frame.rows[:, 0], row)  # drift and creep move rows by many pixels
    # A drifting frame is sheared by little: look a bit farther than the object reaches.
    n = int(1.2 * max(long, short) / frame.pixel) + 3
    top, bottom = max(0, i - n), min(z.shape[0], i + n + 1)
    if top >= bottom:
        return
    j = (column - frame.columns[min(i, len(z) - 1), 0]) / frame.pixel
    left, right = max(0, int(j) - n), min(z.shape[1], int(j) + n + 1)
    dy = frame.rows[top:bottom, left:right] - row
    dx = frame.columns[top:bottom, left:right] - column
    along, across = np.cos(angle) * dx + np.sin(angle) * dy, np.cos(angle) * dy - np.sin(angle) * dx
    inside = 1 - (along / long) ** 2 - (across / short) ** 2
    shape = inside > 0 if flat else np.sqrt(np.maximum(inside, 0))
    z[top:bottom, left:right] += (height * shape).astype(np.float32)
