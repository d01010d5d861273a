"""The staircase's wave: how far and which way it is from step to step."""

from typing import NamedTuple

import numpy as np
from scipy import fft, ndimage
from scipy.signal.windows import tukey

TAPER = 0.25  # share of each side over which the map fades out
FEWEST = 4.0  # waves across the shorter side
FINEST = 0.2  # waves per pixel
BLUR = 1.2  # bins
RADIUS = 3.5  # bins around the peak that belong to it: meander widens it


class Wave(NamedTuple):
    """Wave vector (y, x) in 1/nm, its sign undecided, and its share of the power."""

    y: float
    x: float
    share: float


NO_WAVE = Wave(np.nan, np.nan, np.nan)


def find_wave(z: np.ndarray, pixel_size) -> Wave:
    """Return the strongest wave of a levelled map, between 5 px and a quarter of the map.

    The peak of the smoothed power spectrum times the frequency, so that a staircase's first
    harmonic wins over both its second (a quarter of the power) and roughness of long waves;
    then the centre of mass of the power around it.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : (dy, dx)

    Returns
    -------
    Wave
        NaN if the map is flat, or has fewer than 20 px to a side.

    Examples
    --------
    >>> x = 2.0 * np.arange(128)
    >>> wave = find_wave(np.tile((x / 40) % 1, (128, 1)), (2.0, 2.0))
    >>> abs(round(1 / wave.x)), abs(round(wave.y, 6))
    (40, 0.0)
    """
    power, fy, fx = _power(z, pixel_size)
    frequency = np.hypot(fy, fx)
    sides = np.multiply(z.shape, pixel_size)
    allowed = (frequency * min(sides) >= FEWEST) & (frequency * max(pixel_size) <= FINEST)
    total = power[allowed].sum()
    if not total > 0:
        return NO_WAVE
    score = np.where(allowed, ndimage.gaussian_filter(power, BLUR) * frequency, 0.0)
    row, column = np.unravel_index(score.argmax(), score.shape)
    rows, columns = np.ogrid[: power.shape[0], : power.shape[1]]
    middle = np.hypot(*np.subtract((row, column), np.array(power.shape) // 2))
    near = np.hypot(rows - row, columns - column) <= min(RADIUS, middle / 2)
    weight = np.where(near, power, 0.0)
    part = weight.sum()
    # The peak has a twin at the opposite wave vector.
    return Wave(
        float((weight * fy).sum() / part),
        float((weight * fx).sum() / part),
        min(1.0, float(2 * part / total)),
    )


def _power(z, pixel_size):
    """Power at low frequencies, zero in the middle, and the frequencies along both axes."""
    height, width = z.shape
    window = tukey(height, TAPER)[:, None] * tukey(width, TAPER)
    z = z - (z * window).sum() / window.sum()
    size = np.abs(z).max() or 1.0
    ny, nx = int(FINEST * height), int(FINEST * width)
    rows = np.arange(-ny, ny + 1)
    half = np.abs(fft.rfft2(z / size * window)[rows, : nx + 1]) ** 2
    power = np.hstack([half[::-1, :0:-1], half])
    fy = rows[:, None] / (height * pixel_size[0])
    return power, fy, np.arange(-nx, nx + 1) / (width * pixel_size[1])
