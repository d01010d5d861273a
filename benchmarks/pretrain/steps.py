"""Surfaces of steps and terraces."""

import numpy as np
from grid import geometric, linear, rough, smooth, squash, unit
from scipy import ndimage


def _stairs(levels, width):
    """Whole numbers of a smooth map, its steps as wide as `width` in units of a level."""
    whole = np.floor(levels)
    return whole + squash(levels - whole - 1 + 2 * width, width / 2)


def terraces(grid, u, rng):
    """A vicinal crystal after levelling; u1 lets the steps meander, u2 gathers them in bunches.

    Burton, Cabrera & Frank, Phil. Trans. R. Soc. A 243, 299 (1951), doi:10.1098/rsta.1951.0006.
    """
    width, angle = geometric(u[0], 5, 45), rng.uniform(0, 2 * np.pi)
    meander = geometric(u[1], 0.05, 0.6) * (smooth(grid, rng, 25) + 0.15 * smooth(grid, rng, 6))
    slope = (grid.x * np.cos(angle) + grid.y * np.sin(angle)) / width + meander
    bunch = 2 * np.pi / 3  # three steps gather
    levels = slope + 0.85 * u[2] * np.sin(bunch * slope) / bunch
    return _stairs(levels, 0.8 / width) - (1 - 1.5 * rng.random() * width / grid.size) * slope


def islands(grid, u, rng):
    """Islands on islands and holes in holes of a film that grows layer by layer; u1 is the number
    of layers in sight, u2 smooths the edges.

    Michely & Krug, Islands, Mounds and Atoms (2004), doi:10.1007/978-3-642-18672-1.
    """
    height = rough(grid, rng, 0.7, geometric(u[0], 10, 90))
    height = unit(ndimage.gaussian_filter(height, geometric(u[2], 0.6, 4), mode="wrap"))
    layers = geometric(u[1], 0.3, 1.7)
    levels = layers * height + rng.random()
    return _stairs(levels, 0.03 + 0.05 * layers)


def spirals(grid, u, rng):
    """Hillocks that grew around screw dislocations; u1 is their number, u2 turns round spirals
    into polygons.

    Burton, Cabrera & Frank, Phil. Trans. R. Soc. A 243, 299 (1951), doi:10.1098/rsta.1951.0006.
    """
    width, n = geometric(u[0], 5, 28), round(geometric(u[1], 1, 14))
    x, y = rng.uniform(0, grid.size, (2, n))
    x[0], y[0] = rng.uniform(0.2, 0.8, 2) * grid.size
    sides, base = int(rng.choice((3, 4, 6))), rng.uniform(0, 2 * np.pi)
    nearest, phase = np.full(grid.x.shape, np.inf), 0.0
    for k in range(n):
        dx, dy = grid.x - x[k], grid.y - y[k]
        theta, out = np.arctan2(dy, dx) - base, np.hypot(dx, dy) / width
        wedge = np.mod(theta, 2 * np.pi / sides) - np.pi / sides
        out = out * (1 - u[2] + u[2] * np.cos(wedge)) + 0.5 * rng.random()
        turn = out + rng.choice((-1, 1)) * theta / (2 * np.pi)
        closer = out < nearest
        nearest, phase = np.where(closer, out, nearest), np.where(closer, turn, phase)
    # a whole turn around a dislocation is one step: only the fraction of a level is everywhere one
    terrace = np.mod(phase, 1)
    hill = 3 * rng.random() * width / grid.size * nearest
    return terrace - squash(terrace - 1 + 1.6 / width, 0.4 / width) - hill


def step_edges(grid, u, rng):
    """Terraces with straight facets between them: macrosteps of annealed crystals; u1 is the share
    of the slope, u2 makes the slopes rough.
    """
    width, angle = geometric(u[0], 7, 60), rng.uniform(0, 2 * np.pi)
    across = (grid.x * np.cos(angle) + grid.y * np.sin(angle)) / width
    phase = np.mod(across + 0.15 * smooth(grid, rng, 25) + rng.random(), 1)
    slope = linear(u[1], 0.08, 0.75)
    on_slope = phase > 1 - slope
    profile = np.where(on_slope, (phase - 1 + slope) / slope, 0) - phase
    rugged = rough(grid, rng, 0.4, 8, angle, 2) * np.where(on_slope, 0.25, 0.02)
    return profile + u[2] * rugged
