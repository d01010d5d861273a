"""Surfaces without objects: random fields, their ridges and their waves."""

import numpy as np
from grid import (
    band,
    directed_band,
    geometric,
    linear,
    maze,
    rough,
    skewed,
    smooth,
    spectrum,
    unit,
)
from scipy import fft


def self_affine(grid, u, rng):
    """A rough surface without a length of its own below a roll-off (u0); u1 is its Hurst exponent,
    u2 turns valleys on a plateau into peaks on a plain.

    Jacobs, Junge & Pastewka, Surf. Topogr. 5, 013001 (2017), doi:10.1088/2051-672X/aa51f8.
    """
    z = rough(grid, rng, linear(u[1], 0.05, 1.0), geometric(u[0], 8, 90))
    return skewed(z, linear(u[2], -0.9, 0.9))


def brushed(grid, u, rng):
    """A rough surface drawn out in one direction, as by grinding; u1 is how much, u2 the exponent.

    Spectra of this kind: Persson et al., J. Phys. Condens. Matter 17, R1 (2005),
    doi:10.1088/0953-8984/17/1/R01.
    """
    aspect = geometric(u[1], 1.5, 12)
    hurst = linear(u[2], 0.05, 1.0)
    return rough(grid, rng, hurst, geometric(u[0], 6, 60), rng.uniform(0, np.pi), aspect)


def band_limited(grid, u, rng):
    """Hills of about one size; u1 is the width of their spectrum, u2 sharpens dips or peaks."""
    z = band(grid, rng, geometric(u[0], 5, 45), geometric(u[1], 0.08, 0.9))
    return skewed(z, linear(u[2], -0.8, 0.8))


def ripples(grid, u, rng):
    """Waves as an oblique ion beam or wind makes them; u1 makes their crests long, u2 makes them
    saw-toothed.

    Bradley & Harper, J. Vac. Sci. Technol. A 6, 2390 (1988), doi:10.1116/1.575561.
    """
    angle, wavelength = rng.uniform(0, 2 * np.pi), geometric(u[0], 4.5, 40)
    waves = spectrum(
        grid, rng, directed_band(grid, wavelength, 0.15, angle, geometric(u[1], 2, 60))
    )
    side = np.sign(grid.kx * np.cos(angle) + grid.ky * np.sin(angle))
    real = fft.irfft2(waves, s=grid.x.shape)
    imaginary = fft.irfft2(-1j * side * waves, s=grid.x.shape)
    height, phase = np.hypot(real, imaginary), np.arctan2(imaginary, real)
    tooth = linear(u[2], 0, 0.9)
    return height * sum(tooth ** (n - 1) / n * np.cos(n * phase - np.pi / 2) for n in (1, 2, 3, 4))


def ridges(grid, u, rng):
    """Ranges with finer and finer branches, as in etched or eroded relief; u1 is the weight of the
    fine ones, u2 turns sharp valleys into sharp crests.

    Ridged noise: Musgrave, Kolb & Mace, SIGGRAPH 1989, doi:10.1145/74334.74337.
    """
    wavelength, weight = geometric(u[0], 12, 70), linear(u[1], 0.2, 0.75)
    z, sharp = 0.0, abs(linear(u[2], -1, 1))
    sign = 1 if u[2] > 0.5 else -1
    for octave in range(4):
        wave = band(grid, rng, max(wavelength / 2**octave, 3), 0.35)
        crest = 0.8 - np.abs(wave)
        z = z + weight**octave * (sign * (0.5 + sharp) * crest + 0.7 * (1 - sharp) * wave)
    return z


def wrinkles(grid, u, rng):
    """Buckles of a film under compression; u1 turns waves into sharp folds on a flat, u2 goes from
    a labyrinth to parallel folds.

    Bowden et al., Nature 393, 146 (1998), doi:10.1038/30193.
    """
    amplitude = directed_band(
        grid, geometric(u[0], 6, 45), 0.12, rng.uniform(0, np.pi), 8 * u[2] ** 2
    )
    wave, fold = maze(grid, rng, amplitude), geometric(u[1], 0.5, 8)
    return np.logaddexp(0, fold * (wave - linear(u[1], 0, 1.0))) / fold


def waves_on_waves(grid, u, rng):
    """Two crossing gratings bent by disorder (moiré, weaves, standing waves); u1 bends them, u2 is
    the weight of the second one.
    """
    wavelength, angle = geometric(u[0], 5, 40), rng.uniform(0, np.pi)
    bend = linear(u[1], 0, 0.45) * wavelength
    z = 0.0
    for weight, turn in ((1.0, 0.0), (u[2], rng.uniform(np.pi / 4, np.pi / 2))):
        c, s = np.cos(angle + turn), np.sin(angle + turn)
        shift = bend * smooth(grid, rng, 2.5 * wavelength)
        phase = 2 * np.pi * (c * grid.x + s * grid.y + shift) / wavelength
        z = z + weight * np.sin(phase + rng.uniform(0, 2 * np.pi))
    return z


def scaly(grid, u, rng):
    """A field bent by itself until it overhangs like scales, dunes or brush strokes; u1 is how far
    it is bent, u2 the roughness on it.
    """
    wavelength, angle = geometric(u[0], 8, 50), rng.uniform(0, 2 * np.pi)
    z = band(grid, rng, wavelength, 0.3)
    shift = linear(u[1], 0.1, 0.9) * wavelength / 4 * z
    row = np.rint(grid.y + np.sin(angle) * shift).astype(int) % grid.size
    column = np.rint(grid.x + np.cos(angle) * shift).astype(int) % grid.size
    fine = rough(grid, rng, 0.3, wavelength / 2)
    return unit(z[row, column]) + linear(u[2], 0, 0.5) * fine
