"""Surfaces made of lines: fibres, scratches, cracks."""

import numpy as np
from grid import band, geometric, linear, rough, squash
from objects import ground
from scipy import ndimage
from tessellation import cells


def _paths(grid, rng, n, length, angles, bend):
    """Points half a pixel apart along n winding lines, as columns and rows of shape (n, points)."""
    points = int(2 * length) + 2
    turn = np.cumsum(rng.standard_normal((n, points)), 1) * bend / np.sqrt(length)
    angle = angles[:, None] + turn
    ends = rng.uniform(0, grid.size, (2, n, 1))
    x, y = np.cumsum(np.cos(angle), 1) / 2, np.cumsum(np.sin(angle), 1) / 2
    middle = points // 2
    return ends[0] + x - x[:, middle, None], ends[1] + y - y[:, middle, None]


def nearest_line(grid, x, y):
    """Distance of each pixel to the nearest point, and whose point that is."""
    line = np.full((grid.size, grid.size), -1, np.int32)
    owner = np.broadcast_to(np.arange(len(x))[:, None], x.shape)
    row, column = np.rint(y).astype(int), np.rint(x).astype(int)
    inside = (row >= 0) & (row < grid.size) & (column >= 0) & (column < grid.size)
    line[row[inside], column[inside]] = owner[inside]
    away, nearest = ndimage.distance_transform_edt(line < 0, return_indices=True)
    return away.astype(np.float32), line[nearest[0], nearest[1]]


def fibres(grid, u, rng):
    """A felt of fibres; u1 is how many, u2 aligns and straightens them.

    Kallmes & Corte, Tappi 43, 737 (1960), on sheets of random fibres.
    """
    thick = geometric(u[0], 2, 12)
    n, length = (
        int(geometric(u[1], 0.25, 2.2) * grid.size / thick) + 2,
        linear(rng.random(), 80, 200),
    )
    angles = rng.uniform(0, np.pi) + rng.standard_normal(n) * linear(u[2], 2, 0.1)
    away, k = nearest_line(grid, *_paths(grid, rng, n, length, angles, linear(u[2], 2.2, 0.2)))
    tall = 1 - (2 * away / thick) ** 2
    height = rng.uniform(0.4, 1.6, n)[k]
    return np.where(tall > 0, height + np.sqrt(np.maximum(tall, 0)), 0) + ground(grid, rng)


def scratches(grid, u, rng):
    """Polishing scratches; u1 is how many, u2 makes them parallel."""
    wide, n = geometric(u[0], 0.8, 6), int(geometric(u[1], 3, 60))
    angle = rng.uniform(0, np.pi) + rng.standard_normal(n) * linear(u[2], 1.5, 0.03)
    deep, start = rng.uniform(0.4, 1.4, n), rng.uniform(0, grid.size, (2, n))
    z = linear(rng.random(), 0.02, 0.25) * rough(grid, rng, 0.5, 20)
    for k in range(n):
        across = np.cos(angle[k]) * (grid.x - start[0, k]) + np.sin(angle[k]) * (
            grid.y - start[1, k]
        )
        z = z - deep[k] * np.exp(-((across / wide) ** 2))
    return z


def cracks(grid, u, rng):
    """Cracks of a dried or strained film; u1 widens them, u2 goes from wild to regular pieces.

    Goehring, Phil. Trans. R. Soc. A 371, 20120353 (2013), doi:10.1098/rsta.2012.0353.
    """
    size = geometric(u[0], 12, 60)
    found = cells(grid, rng, size, linear(u[2], 0, 0.9), warp=linear(u[2], 0.3, 0.03))
    wide = rng.uniform(0.4, 1.6, (len(found), 2))
    width = linear(u[1], 0.7, 3.5) * np.sqrt(wide[found.owner, 0] * wide[found.neighbour, 0])
    curl = np.exp(-found.edge / (0.15 * size)) * 0.4 * rng.random()
    return squash(found.edge - width, 0.4) * (1 + curl) + ground(grid, rng)


def wavy_cracks(grid, u, rng):
    """Zero lines of a field: veins, domain walls, cracks that never end; u1 thickens them, u2
    crosses them with a second set.
    """
    wavelength, wide = geometric(u[0], 12, 60), linear(u[1], 0.8, 4)
    z = 0.0
    for weight in (1.0, u[2]):
        wave = band(grid, rng, wavelength, 0.3)
        gy, gx = np.gradient(wave)
        steep = np.hypot(gx, gy) + 0.5 / wavelength
        z = np.maximum(z, weight * np.exp(-((wave / steep / wide) ** 2)))
    return -z + ground(grid, rng)
