"""Surfaces of two phases, and films with holes."""

import numpy as np
from grid import (
    at_share,
    band,
    band_amplitude,
    directed_band,
    geometric,
    linear,
    maze,
    rough,
    squash,
)
from objects import ground
from scipy import ndimage
from stamps import highest, scatter, stamp, up_to

SHARE = (0.1, 0.9)  # of the high phase, from u1 = 0 to 1


def spinodal(grid, u, rng):
    """Two phases that parted by spinodal decomposition; u1 is the share of the high one, u2 widens
    the spectrum.

    Level sets of a Gaussian field: Cahn, J. Chem. Phys. 42, 93 (1965), doi:10.1063/1.1695731.
    """
    wavelength = geometric(u[0], 6, 50)
    z = band(grid, rng, wavelength, geometric(u[2], 0.1, 0.7))
    return squash(at_share(z, linear(u[1], *SHARE)), 2 / wavelength) + ground(grid, rng)


def labyrinth(grid, u, rng):
    """Stripes of one width in a maze (block copolymers, magnetic domains, ferroelectrics); u1 is
    the share of the high ones, u2 turns the maze into stripes.

    Harrison et al., Science 290, 1558 (2000), doi:10.1126/science.290.5496.1558.
    """
    wavelength, angle = geometric(u[0], 5, 40), rng.uniform(0, np.pi)
    z = maze(grid, rng, directed_band(grid, wavelength, 0.1, angle, 10 * u[2] ** 2))
    edge = geometric(rng.random(), 1.2, 5) / wavelength
    return squash(at_share(z, linear(u[1], 0.2, 0.8)), edge)


def worms(grid, u, rng):
    """Short thick strands, as polymer films and vermicular graphite show; u1 is the share they
    cover, u2 breaks them into shorter ones.
    """
    wavelength, share = geometric(u[0], 6, 40), linear(u[1], 0.12, 0.5)
    strand = maze(grid, rng, band_amplitude(grid, wavelength, 0.12))
    cut = band(grid, rng, 1.3 * wavelength, 0.3)
    broken = np.minimum(strand, linear(u[2], 2.5, 0.2) - cut)
    above = at_share(ndimage.gaussian_filter(broken, 0.1 * wavelength), share)
    return np.sqrt(np.maximum(above, 0)) + ground(grid, rng)


def bicontinuous_pores(grid, u, rng):
    """A sponge seen from above, deep where several layers are open; u1 is the porosity, u2 the
    width of its spectrum.

    Hodge et al., Acta Mater. 55, 1343 (2007), doi:10.1016/j.actamat.2006.10.002, on foams of gold.
    """
    wavelength, share = geometric(u[0], 7, 40), linear(u[1], 0.15, 0.75)
    z = 0.0
    for depth in range(3):
        wave = at_share(band(grid, rng, wavelength, geometric(u[2], 0.1, 0.5)), 1 - share)
        ligament = squash(wave, 2 / wavelength) * (1 + 0.4 * np.tanh(wave))
        z = np.maximum(z, ligament * 0.6**depth)
    return z


def patchy(grid, rng, wavelength, blur):
    return ndimage.gaussian_filter(rough(grid, rng, 0.7, wavelength), blur, mode="wrap")


def layered_film(grid, u, rng):
    """A film of several layers, each patchy; u1 is how much is covered, u2 rounds the edges."""
    wavelength, blur = geometric(u[0], 12, 80), geometric(u[2], 0.5, 4)
    z, share = 0.0, linear(u[1], 0.2, 0.95)
    below = np.inf
    for _ in range(3):
        patch = at_share(patchy(grid, rng, wavelength, blur), share)
        below = np.minimum(patch, below)  # a layer lies on the one before
        z, share = z + squash(below, 0.03), share * 0.7
    return z + ground(grid, rng)


def film_with_holes(grid, u, rng):
    """A level film with patches of a second layer and ragged round holes; u1 is the share of holes,
    u2 that of the second layer.
    """
    radius, share = geometric(u[0], 3, 22), linear(u[1], 0.03, 0.6)
    found = up_to(stamp(grid, scatter(grid, rng, radius, share, 0.5)), share)
    hole = highest(found, np.clip(found.depth * radius, 0, 1))
    patch = at_share(patchy(grid, rng, 4 * radius, 1.5), linear(u[2], 0.02, 0.7))
    return (1 - hole) * (1 + 0.8 * squash(patch, 0.05)) + ground(grid, rng)


def dots_or_maze(grid, u, rng):
    """Turing patterns: dots, then a maze, then holes as u1 grows; u2 goes from soft to sharp.

    Turing, Phil. Trans. R. Soc. B 237, 37 (1952), doi:10.1098/rstb.1952.0012. Filtering
    and saturating in turns stands for the reaction.
    """
    wavelength = geometric(u[0], 6, 36)
    shift, sharp = linear(u[1], -0.9, 0.9), geometric(u[2], 0.7, 8)
    z = maze(grid, rng, band_amplitude(grid, wavelength, 0.15), shift)
    return np.tanh(sharp * (z + shift))
