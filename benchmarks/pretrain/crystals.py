"""Surfaces made of crystals with straight edges."""

import numpy as np
from grid import geometric, linear
from objects import COVERAGE, ground
from stamps import highest, latest, scatter, stamp, up_to


def _crystals(grid, u, rng, sides):
    share = linear(u[1], *COVERAGE)
    objects = scatter(grid, rng, geometric(u[0], 3.5, 28), share, 0.3, align=u[2], sides=sides)
    found = up_to(stamp(grid, objects), share)
    return found, objects.radius[found.owner]


def _plates(grid, u, rng, sides):
    found, radius = _crystals(grid, u, rng, sides)
    return highest(found, np.clip(found.depth * radius, 0.05, 1)) + ground(grid, rng)


def triangles(grid, u, rng):
    """Flat triangular islands (TMD, Pt/Pt(111)); u1 is the share they cover, u2 aligns them.

    Michely & Krug, Islands, Mounds and Atoms (2004), doi:10.1007/978-3-642-18672-1.
    """
    return _plates(grid, u, rng, 3)


def hexagons(grid, u, rng):
    """Flat hexagonal islands; u1 is the share they cover, u2 aligns them."""
    return _plates(grid, u, rng, 6)


def squares(grid, u, rng):
    """Flat square islands or etch terraces of cubic crystals; u1 and u2 as in hexagons."""
    return _plates(grid, u, rng, 4)


def pyramids(grid, u, rng):
    """Pyramids with three, four or six faces; u1 is the share they cover, u2 aligns them."""
    found, radius = _crystals(grid, u, rng, int(rng.choice((3, 4, 6))))
    return highest(found, found.depth * radius) + ground(grid, rng, 1)


def etch_pits(grid, u, rng):
    """Inverse pyramids, as etchants cut them where dislocations end; u1 is the share they take,
    u2 aligns them.
    """
    return -pyramids(grid, u, rng)


def stepped_pyramids(grid, u, rng):
    """Wedding cakes: islands on islands on islands; u1 is the number of layers, u2 aligns them.

    Michely & Krug, Islands, Mounds and Atoms (2004), doi:10.1007/978-3-642-18672-1.
    """
    layers, sides = geometric(u[1], 1.6, 8), int(rng.choice((0, 3, 6)))
    objects = scatter(grid, rng, geometric(u[0], 8, 40), 0.7, 0.2, align=u[2], sides=sides)
    found = up_to(stamp(grid, objects), 0.7)
    level = np.ceil(found.depth * layers * np.clip(objects.radius[found.owner] / 20, 0.6, 1.3))
    return highest(found, level) + ground(grid, rng)


def overgrown_plates(grid, u, rng):
    """Crystals that came to lie one on another, each at its own height and tilt; u1 is how many,
    u2 aligns them.
    """
    share, radius = linear(u[1], 0.3, 0.95), geometric(u[0], 4, 30)
    sides = int(rng.choice((3, 4, 6)))
    objects = scatter(grid, rng, radius, share, 0.3, align=u[2], sides=sides)
    found = up_to(stamp(grid, objects), share)
    k = found.owner
    row, column = np.divmod(found.pixel, grid.size)
    tilt = 0.4 / radius * rng.standard_normal((2, len(objects)))
    plane = tilt[0][k] * (column - objects.x[k]) + tilt[1][k] * (row - objects.y[k])
    return latest(found, 1 + 0.5 * rng.random(len(objects))[k] + plane)
