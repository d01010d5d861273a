"""Facet levelling: the slope of terraces, so that they can be laid flat.

A plane fitted to a staircase runs through its steps, and leaves each terrace tilted by step
height over terrace width. The mode of all gradients is drawn uphill by the flanks of the steps;
here the terraces are found first, by the phase of the staircase's wave, and then by keeping away
from steps.
"""

import cv2
import numpy as np

from tmdfeat.physical.scale_space import gaussian_scale_space
from tmdfeat.physical.steps_period import Wave
from tmdfeat.physical.steps_ridges import SMOOTHING, find_ridges, gradient

BAND = 0.6  # half-width of the band around the wave, in its frequency: meander has room in it
MIDDLE = 0.2  # periods from the step, where the first look at terraces begins
INSIDE = 0.1  # and where the later ones do
FINE = 0.7  # px, smoothing of the terraces' gradient
CLEAR = 3.0  # px between a terrace and the ridge of a step
STEEP = 2.5  # ridges that count as steps, in standard deviations on terraces
RAYLEIGH = np.sqrt(2 * np.log(2))  # median of a gradient whose components have deviation 1
ROUNDS = 2
FEWEST = 200  # px of terrace


def wave_phase(z: np.ndarray, pixel_size, wave: Wave, band: float = BAND) -> np.ndarray:
    """Return the phase of the wave at each pixel, (H, W): periods, 0 on crests; 0 without a wave.

    Waves within `band` times the wave's frequency around it take part.

    Examples
    --------
    >>> z = np.tile(np.cos(np.arange(64) / 8 * 2 * np.pi), (64, 1))
    >>> phase = wave_phase(z, (1.0, 1.0), Wave(0.0, 1 / 8, 1.0))
    >>> bool(np.allclose(phase[32, 32:36], [0, 1 / 8, 1 / 4, 3 / 8], atol=0.02))
    True
    """
    if np.isnan(wave.share):
        return np.zeros(z.shape)
    dy, dx = pixel_size
    rows = np.exp(-2j * np.pi * wave.y * dy * np.arange(z.shape[0]))[:, None]
    columns = np.exp(-2j * np.pi * wave.x * dx * np.arange(z.shape[1]))
    carrier = rows * columns
    sigma = 1 / (2 * np.pi * band * np.hypot(wave.y, wave.x))
    # By cosine transforms: the wave may be as long as the map, and so is then the kernel.
    sigmas = [(sigma / dy, sigma / dx)]
    mixed = [gaussian_scale_space(z * part, sigmas)[0] for part in (carrier.real, carrier.imag)]
    return np.angle((mixed[0] + 1j * mixed[1]) * carrier.conj()) / (2 * np.pi)


def terrace_slope(z: np.ndarray, pixel_size, wave: Wave, phase: np.ndarray, usable: np.ndarray):
    """Return the gradient of terraces of a staircase that was levelled by a plane.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : (dy, dx)
    wave : Wave
    phase : array of shape (H, W)
        From `wave_phase`.
    usable : bool array of shape (H, W)

    Returns
    -------
    (y, x) : floats
        It points downhill along the wave; (0, 0) if there is no wave.
    """
    if np.isnan(wave.share):
        return 0.0, 0.0
    fine = gradient(z, pixel_size, FINE)
    slope, distance = _first_look(wave, phase, usable, fine)
    coarse = gradient(z, pixel_size, SMOOTHING)
    middle = usable & (distance > MIDDLE)
    for _ in range(ROUNDS):
        clear = _clear_of_steps(coarse, slope, pixel_size, middle)
        terrace = clear & usable & (distance > INSIDE)
        if np.count_nonzero(terrace) < FEWEST:
            break
        slope = _median(fine, terrace)
    return slope


def _first_look(wave, phase, usable, fine):
    """Slope, and distance to the nearest step in periods, for the steeper of both directions."""
    looks = []
    # Along the wave or against it: the step lies a quarter period before or behind the crest.
    for uphill, step in ((1, -0.25), (-1, 0.25)):
        distance = np.abs((phase - step + 0.5) % 1 - 0.5)
        terrace = usable & (distance > MIDDLE)
        if not terrace.any():
            return (0.0, 0.0), distance
        slope = _median(fine, terrace)
        looks.append((-uphill * (slope[0] * wave.y + slope[1] * wave.x), slope, distance))
    _, slope, distance = max(looks, key=lambda look: look[0])
    return slope, distance


def _median(gradients, where):
    return tuple(float(np.median(g[where])) for g in gradients)


def _clear_of_steps(coarse, slope, pixel_size, middle):
    gy, gx = coarse[0] - slope[0], coarse[1] - slope[1]
    limit = STEEP * np.median(np.hypot(gy[middle], gx[middle])) / RAYLEIGH
    ridges = find_ridges(gy, gx, pixel_size)
    steps = ridges.size > limit
    free = np.ones(gy.shape, np.uint8)
    free[ridges.row[steps], ridges.column[steps]] = 0
    return cv2.distanceTransform(free, cv2.DIST_L2, 3) > CLEAR


def fitted_plane(z: np.ndarray) -> np.ndarray:
    """Return the least-squares plane, (H, W).

    Examples
    --------
    >>> z = np.add.outer(3.0 * np.arange(4), 2.0 * np.arange(5))
    >>> bool(np.allclose(fitted_plane(z), z))
    True
    """
    rows, columns = (np.arange(n) - (n - 1) / 2 for n in z.shape)
    # Both are orthogonal to each other and to a constant.
    down = rows @ z.sum(axis=1) / max((rows @ rows) * z.shape[1], 1)
    right = columns @ z.sum(axis=0) / max((columns @ columns) * z.shape[0], 1)
    return z.mean() + down * rows[:, None] + right * columns
