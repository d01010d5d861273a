"""Polished and etched alloys: what carbides and laths look like in steel."""

import numpy as np
from grid import band, geometric, linear, smooth, squash
from objects import ground
from scipy import ndimage
from stamps import Objects, highest, latest, places, scatter, stamp, up_to
from tessellation import cells


def pearlite(grid, u, rng):
    """Lamellae in colonies of a direction each; u1 is the share of the high phase, u2 breaks the
    lamellae up into rods and spheres.

    Bhadeshia & Honeycombe, Steels (2017), doi:10.1016/C2015-0-00372-4.
    """
    spacing = geometric(u[0], 4, 22)
    colonies = cells(grid, rng, np.clip(4.5 * spacing, 30, 75), 0.3, warp=0.1)
    k, n = colonies.owner, len(colonies)
    angle, cut = rng.uniform(0, np.pi, n), np.exp(0.12 * rng.standard_normal(n))
    bend = smooth(grid, rng, 6 * spacing) * 0.35 * spacing
    across = np.cos(angle)[k] * grid.x + np.sin(angle)[k] * grid.y + bend
    lamella = np.cos(2 * np.pi * across / (spacing * cut[k])) - np.cos(
        np.pi * linear(u[1], 0.2, 0.7)
    )
    gap = linear(u[2], 2.2, 0.5) - band(grid, rng, 1.6 * spacing, 0.3)
    whole = ndimage.gaussian_filter(squash(np.minimum(lamella, gap), 0.2), 0.16 * spacing * u[2])
    return squash(whole - 0.5, 0.12) + ground(grid, rng)


def spheroidite(grid, u, rng):
    """Second-phase particles in a level ground; u1 is the share they cover, u2 draws them out.

    Lifshitz & Slyozov, J. Phys. Chem. Solids 19, 35 (1961), doi:10.1016/0022-3697(61)90054-3.
    """
    share, aspect = linear(u[1], 0.05, 0.5), linear(u[2], 1, 3)
    objects = scatter(
        grid, rng, geometric(u[0], 2.5, 14) * np.sqrt(aspect), share, 0.45, aspect=aspect
    )
    found = up_to(stamp(grid, objects), share)
    tall = (objects.radius / aspect)[found.owner]
    return highest(found, np.clip(found.depth * tall / 1.5, 0.05, 1)) + ground(grid, rng, 0.3)


def boundary_network(grid, u, rng):
    """A second phase along the boundaries of grains, particles within them; u1 thickens it, u2
    breaks it.

    Bhadeshia & Honeycombe, Steels (2017), doi:10.1016/C2015-0-00372-4.
    """
    size = geometric(u[0], 12, 60)
    found = cells(grid, rng, size, 0.4, warp=0.12)
    width = 0.7 + linear(u[1], 0.02, 0.14) * size
    width = (
        width + np.minimum(0, linear(u[2], 2.5, 0.0) - band(grid, rng, 0.4 * size, 0.4)) * width * 2
    )
    particles = scatter(grid, rng, 2.2, 0.12, 0.3)
    dots = up_to(stamp(grid, particles), 0.01 + 0.1 * rng.random())
    return np.maximum(
        squash(width - found.edge, 0.4), 0.8 * highest(dots, dots.depth > 0.1)
    ) + ground(grid, rng)


def widmanstatten(grid, u, rng):
    """Plates that grew from the boundaries into the grains along few directions; u1 is how many,
    u2 the number of directions.

    Bhadeshia & Honeycombe, Steels (2017), doi:10.1016/C2015-0-00372-4.
    """
    length = geometric(u[0], 10, 55)
    grain = cells(grid, rng, 1.5 * length + 6, 0.3, warp=0.08)
    row, column = np.nonzero(grain.edge < 1.2)
    n = int(len(row) / geometric(u[1], 16, 5)) + 3
    start = rng.integers(len(row), size=n)
    row, column = row[start], column[start]
    owner = grain.owner[row, column]
    habit = rng.uniform(0, 2 * np.pi, len(grain))[owner]
    turn = rng.integers(1 + int(2.999 * u[2]), size=n) * np.pi / 3
    inward = np.arctan2(grain.y[owner] - row, grain.x[owner] - column)
    angle = habit + turn
    angle = np.where(np.cos(angle - inward) < 0, angle + np.pi, angle)
    half = length / 2 * np.exp(0.3 * rng.standard_normal(n))
    middle = (column + 0.9 * half * np.cos(angle), row + 0.9 * half * np.sin(angle))
    plates = Objects(*middle, half, angle, aspect=max(3.0, length / linear(rng.random(), 3, 6)))
    found = stamp(grid, plates)
    found = found.keep(grain.owner.ravel()[found.pixel] == owner[found.owner])
    film = squash(1.3 + 0.8 * rng.random() - grain.edge, 0.3)
    return np.maximum(film, highest(found, np.clip(3 * found.depth, 0, 1))) + ground(grid, rng)


def laths(grid, u, rng):
    """Plates that shot through what others left (martensite, blades of minerals), the first the
    longest; u1 makes them slender, u2 keeps them to three directions.

    Bhadeshia & Honeycombe, Steels (2017), doi:10.1016/C2015-0-00372-4.
    """
    aspect = geometric(u[1], 2.5, 12)
    length = max(geometric(u[0], 16, 80), 2 * aspect)
    n = int(np.clip(6 * aspect * grid.size**2 / length**2, 12, 2000))
    x, y = places(grid, rng, n, length / 2)
    turn = rng.integers(3, size=n) * np.pi / 3 + 0.05 * rng.standard_normal(n)
    angle = rng.uniform(0, np.pi) + np.where(rng.random(n) < u[2], turn, rng.uniform(0, np.pi, n))
    radius = length / 2 * np.linspace(1.4, 0.4, n)
    found = stamp(grid, Objects(x, y, radius, angle, aspect))
    level = rng.uniform(0.3, 1.3, n)[found.owner]
    return latest(found, level + 0.4 * np.minimum(found.depth * 3, 1)) + ground(grid, rng)
