"""Surfaces made of cells: grains, facets, mounds, columns, foams, pores."""

import numpy as np
from grid import geometric, linear, rough, squash
from tessellation import cells


def facets(grid, u, rng):
    """Crystals that end in one tilted plane each; u1 is the weight of steps between them, u2 their
    regularity.

    Cellular textures: Worley, SIGGRAPH 1996, doi:10.1145/237170.237267.
    """
    size = geometric(u[0], 6, 55)
    found = cells(grid, rng, size, u[2])
    slope = rng.standard_normal((2, len(found))).astype(np.float32) / size
    level = rng.standard_normal(len(found)).astype(np.float32)
    k = found.owner
    plane = slope[0][k] * (grid.x - found.x[k]) + slope[1][k] * (grid.y - found.y[k])
    return (1.1 - u[1]) * 2 * plane + u[1] * level[k]


def grains(grid, u, rng):
    """Flat grains at heights of their own, with grooves etched where they meet; u1 shallows the
    grooves, u2 makes grains equal in size.

    Mullins, J. Appl. Phys. 28, 333 (1957), doi:10.1063/1.1722742.
    """
    size = geometric(u[0], 6, 55)
    found = cells(grid, rng, size, u[2], warp=0.12 * rng.random())
    level = rng.standard_normal(len(found)).astype(np.float32)[found.owner]
    groove = np.exp(-((found.edge / (0.8 + 0.05 * size)) ** 2))
    return u[1] * level - (1.15 - u[1]) * 2.5 * groove


def mounds(grid, u, rng):
    """Round tops that meet in valleys (cauliflower growth); u1 flattens the tops, u2 orders them.

    Tang, Alexander & Bruinsma, Phys. Rev. Lett. 64, 772 (1990), doi:10.1103/PhysRevLett.64.772.
    """
    size = geometric(u[0], 5, 50)
    found = cells(grid, rng, size, u[2])
    return -((found.near / (0.6 * size)) ** geometric(u[1], 0.6, 4))


def columns(grid, u, rng):
    """Tops of columns of a sputtered film, gaps between them; u1 opens the gaps, u2 makes the
    columns slats.

    Thornton, J. Vac. Sci. Technol. 11, 666 (1974), doi:10.1116/1.1312732.
    """
    size = geometric(u[0], 5, 45)
    found = cells(grid, rng, size, 0.5, aspect=geometric(u[2], 1, 4))
    gap = linear(u[1], 0.02, 0.22) * size * geometric(u[2], 1, 0.5)
    level = rng.standard_normal(len(found)).astype(np.float32)[found.owner]
    dome = 1 - np.exp(-np.maximum(found.edge - gap, 0) / (0.15 * size))
    open_ = squash(found.edge - gap, 0.4)
    return open_ * (1.5 + 0.35 * level + dome)


def foam(grid, u, rng):
    """Bowls within thin walls (foams, dried films, collapsed bubbles); u1 thickens the walls, u2
    orders the cells.

    Weaire & Rivier, Contemp. Phys. 25, 59 (1984), doi:10.1080/00107518408210979.
    """
    size = geometric(u[0], 7, 55)
    found = cells(grid, rng, size, u[2])
    bowl = (found.near / (0.6 * size)) ** 2
    wall = np.exp(-found.edge / (0.8 + linear(u[1], 0, 0.2) * size))
    return wall + 0.25 * bowl


def textured_grains(grid, u, rng):
    """A polycrystal whose grains have a texture of a direction each; u1 is the weight of height
    between grains, u2 draws the texture out.

    Anisotropic noise per cell, after Lagae et al., ACM Trans. Graph. 28, 54 (2009),
    doi:10.1145/1531326.1531360.
    """
    size = geometric(u[0], 14, 60)
    found = cells(grid, rng, size, 0.4, warp=0.08)
    level = rng.standard_normal(len(found)).astype(np.float32)
    base, kinds = rng.uniform(0, np.pi), 4
    kind = rng.integers(kinds, size=len(found))[found.owner]
    z = u[1] * 1.2 * level[found.owner]
    aspect, wavelength = geometric(u[2], 2, 12), geometric(rng.random(), 3, 8)
    for k in range(kinds):
        texture = rough(grid, rng, 0.5, 2 * wavelength, base + np.pi * k / kinds, aspect)
        z = z + (1.1 - u[1]) * 0.6 * np.where(kind == k, texture, 0)
    return z


def ordered_pores(grid, u, rng):
    """Pores or dots one to a cell, as in anodic alumina and films of block copolymers; u1 widens
    them, u2 goes from disorder to a lattice.

    Masuda & Fukuda, Science 268, 1466 (1995), doi:10.1126/science.268.5216.1466.
    """
    size = geometric(u[0], 7, 45)
    found = cells(grid, rng, size, linear(u[2], 0.3, 1))
    radius = linear(u[1], 0.18, 0.5) * size
    wide = radius * np.exp(0.12 * rng.standard_normal(len(found)))[found.owner]
    sign = rng.choice((-1, 1))
    return sign * squash(wide - found.near, 0.5 + 0.06 * size) + 0.03 * rough(grid, rng, 0.5, size)


def blocks(grid, u, rng):
    """Cells within cells (mosaics, blistered and crazed glazes); u1 is the weight of the small
    ones, u2 the depth of their seams.
    """
    size = geometric(u[0], 14, 60)
    z = 0.0
    for spacing, weight in ((size, 1.1 - u[1]), (size / 3.5, u[1])):
        found = cells(grid, rng, spacing, 0.5, warp=0.06)
        level = rng.standard_normal(len(found)).astype(np.float32)[found.owner]
        seam = np.exp(-found.edge / (0.6 + 0.03 * size))
        z = z + weight * (level - 3 * u[2] * seam)
    return z
