"""Surfaces made of many round or random objects on a ground."""

import numpy as np
from grid import geometric, linear, rough
from stamps import highest, scatter, stamp, up_to

COVERAGE = (0.05, 0.75)  # from u1 = 0 to 1, of families that promise it


def _drawn(grid, rng, share, objects):
    """Pixels of as many of the objects as cover the share, with the radius of each one's object."""
    found = up_to(stamp(grid, objects), share)
    return found, objects.radius[found.owner]


def _flat(depth, radius):
    """A level top with a rim of one pixel."""
    return np.clip(depth * radius, 0.05, 1)


def ground(grid, rng, height=0.06):
    return height * rng.random() * rough(grid, rng, 0.5, 15)


def disks(grid, u, rng):
    """Flat round islands; u1 is the share they cover, u2 spreads their sizes.

    The Boolean model: Chiu, Stoyan, Kendall & Mecke, Stochastic Geometry and its Applications
    (2013), doi:10.1002/9781118658222.
    """
    objects = scatter(grid, rng, geometric(u[0], 2.5, 26), linear(u[1], *COVERAGE), 0.8 * u[2])
    found, radius = _drawn(grid, rng, linear(u[1], *COVERAGE), objects)
    return highest(found, _flat(found.depth, radius))


def spheres(grid, u, rng):
    """Particles on a plane; u1 is the share they cover, u2 gathers them in clusters.

    Clusters: Thomas, Biometrika 36, 18 (1949), doi:10.2307/2332526.
    """
    share = linear(u[1], 0.02, 0.6)
    objects = scatter(grid, rng, geometric(u[0], 2.2, 16), share, 0.15, clumping=0.95 * u[2])
    found, radius = _drawn(grid, rng, share, objects)
    return highest(found, radius * np.sqrt(1 - (1 - found.depth) ** 2)) + ground(grid, rng, 1)


def bimodal_particles(grid, u, rng):
    """Large particles among small ones, or films of two grain sizes; u1 is the share of the large
    ones, u2 how much larger they are.
    """
    radius, ratio = geometric(u[0], 4, 22), geometric(u[2], 1.6, 6)
    z = 0.0
    for size, share in ((max(radius / ratio, 1.6), 0.6), (radius, linear(u[1], 0.02, 0.5))):
        found, radii = _drawn(grid, rng, share, scatter(grid, rng, size, share, 0.1))
        z = np.maximum(z, highest(found, radii * np.sqrt(1 - (1 - found.depth) ** 2)))
    return z


def granular(grid, u, rng):
    """A film of grains with log-normal sizes; u1 spreads the sizes, u2 goes from cones to domes.

    Log-normal grains: Granqvist & Buhrman, J. Appl. Phys. 47, 2200 (1976), doi:10.1063/1.322870.
    """
    objects = scatter(grid, rng, geometric(u[0], 3, 24), 0.97, linear(u[1], 0.05, 0.8))
    found = stamp(grid, objects)
    out = 1 - found.depth
    dome = 1 - out ** linear(u[2], 1, 5)
    return highest(found, np.sqrt(objects.radius[found.owner]) * dome)


def droplets(grid, u, rng):
    """Liquid caps of one contact angle and many sizes (breath figures, dewetting); u1 is the share
    they cover, u2 spreads their sizes.

    Beysens & Knobler, Phys. Rev. Lett. 57, 1433 (1986), doi:10.1103/PhysRevLett.57.1433.
    """
    share = linear(u[1], 0.05, 0.65)
    objects = scatter(grid, rng, geometric(u[0], 4, 26), share, linear(u[2], 0.05, 0.9))
    found, radius = _drawn(grid, rng, share, objects)
    return highest(found, radius * (1 - (1 - found.depth) ** 2))


def pits(grid, u, rng):
    """Pits in a level surface; u1 is the share they take, u2 goes from cones to flat floors."""
    share = linear(u[1], 0.03, 0.55)
    objects = scatter(grid, rng, geometric(u[0], 2.5, 20), share, 0.3)
    found, _ = _drawn(grid, rng, share, objects)
    floor = 1 - (1 - found.depth) ** geometric(u[2], 0.9, 8)
    return -highest(found, floor) + ground(grid, rng)


def dewetting_holes(grid, u, rng):
    """Round holes in a film, its matter piled up around them; u1 is the share of holes, u2 the
    height of the rims.

    Reiter, Phys. Rev. Lett. 68, 75 (1992), doi:10.1103/PhysRevLett.68.75.
    """
    share = linear(u[1], 0.05, 0.65)
    objects = scatter(grid, rng, 1.4 * geometric(u[0], 3.5, 24), min(1.6 * share, 0.9), 0.25)
    found, radius = _drawn(grid, rng, min(1.6 * share, 0.9), objects)
    out = 1.4 * (1 - found.depth)  # 1 at the edge of the hole, the rim outside
    rim = highest(found, np.where(out > 1, np.sin(np.pi * (out - 1) / 0.4), 0))
    hole = highest(found, np.clip((1 - out) * radius / 1.4, 0, 1))
    return (1 - hole) * (1 + linear(u[2], 0, 2.5) * rim) + ground(grid, rng)


def rods(grid, u, rng):
    """Needles and rods lying on a plane; u1 is the share they cover, u2 aligns them.

    Onsager, Ann. N. Y. Acad. Sci. 51, 627 (1949), doi:10.1111/j.1749-6632.1949.tb27296.x.
    """
    share, aspect = linear(u[1], 0.05, 0.65), geometric(rng.random(), 4, 10)
    radius = max(geometric(u[0], 6, 36), 1.1 * aspect)
    found, _ = _drawn(
        grid, rng, share, scatter(grid, rng, radius, share, 0.3, align=u[2], aspect=aspect)
    )
    height = rng.uniform(0.7, 1.3, found.owner.max() + 1)[found.owner]
    return highest(found, height * np.sqrt(1 - (1 - found.depth) ** 2)) + ground(grid, rng)
