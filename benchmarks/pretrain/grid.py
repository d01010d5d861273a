"""The pixels a surface is drawn on, and the random fields most surfaces are made from."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import fft


@dataclass(frozen=True, eq=False)
class Grid:
    """Pixels of a square map and the frequencies of its Fourier transform.

    Attributes
    ----------
    size : int
    x, y : float32 arrays of shape (size, size)
        Column and row of each pixel.
    kx, ky, q : float32 arrays of shape (size, size // 2 + 1)
        Frequencies of the real transform in cycles per pixel, and their length.
    """

    size: int
    x: np.ndarray
    y: np.ndarray
    kx: np.ndarray
    ky: np.ndarray
    q: np.ndarray


@lru_cache(maxsize=4)
def make_grid(size: int) -> Grid:
    y, x = np.mgrid[:size, :size].astype(np.float32)
    kx, ky = np.meshgrid(np.fft.rfftfreq(size), np.fft.fftfreq(size))
    kx, ky = kx.astype(np.float32), ky.astype(np.float32)
    maps = (x, y, kx, ky, np.hypot(kx, ky))
    for one in maps:
        one.setflags(write=False)  # everyone draws on the same ones
    return Grid(size, *maps)


def geometric(u: float, low: float, high: float) -> float:
    """From low (u = 0) to high (u = 1) by equal factors."""
    return float(low * (high / low) ** u)


def linear(u: float, low: float, high: float) -> float:
    return float(low + (high - low) * u)


def squash(z, width):
    """A smooth step from 0 to 1 where z crosses 0, about four widths wide."""
    return 1 / (1 + np.exp(-np.clip(z / width, -30, 30)))


def skewed(z, amount):
    """Stretch the peaks (amount above 0) or the valleys (below 0) of a standard field."""
    return z if abs(amount) < 1e-3 else np.expm1(amount * z) / amount


def spectrum(grid, rng, amplitude):
    """White noise in frequency space with the given amplitude, without its mean."""
    noise = fft.rfft2(rng.standard_normal((grid.size, grid.size), dtype=np.float32))
    noise *= amplitude.astype(np.float32)
    noise[0, 0] = 0
    return noise


def field(grid, rng, amplitude):
    """A Gaussian random field with this amplitude spectrum, of standard deviation 1."""
    return unit(fft.irfft2(spectrum(grid, rng, amplitude), s=grid.x.shape))


def unit(z):
    return z / max(float(z.std()), 1e-12)


def stretched(grid, angle, aspect):
    """Length of the frequency where structures are `aspect` times longer along the angle."""
    if aspect == 1:
        return grid.q
    c, s = np.cos(angle), np.sin(angle)
    root = np.sqrt(aspect)
    along, across = c * grid.kx + s * grid.ky, c * grid.ky - s * grid.kx
    return np.hypot(along * root, across / root)


def rough(grid, rng, hurst, wavelength, angle=0.0, aspect=1.0):
    """A self-affine field below a wavelength, white above it."""
    q = stretched(grid, angle, aspect)
    return field(grid, rng, (q * q + wavelength**-2.0) ** (-(1 + hurst) / 2))


def band_amplitude(grid, wavelength, width, angle=0.0, aspect=1.0):
    """A ring of frequencies, log-normal in width."""
    q = stretched(grid, angle, aspect)
    return np.exp(-((np.log((q + 1e-6) * wavelength) / width) ** 2) / 2) + 1e-12


def band(grid, rng, wavelength, width, angle=0.0, aspect=1.0):
    """A field of about one wavelength."""
    return field(grid, rng, band_amplitude(grid, wavelength, width, angle, aspect))


def smooth(grid, rng, wavelength):
    """A field without anything finer than a wavelength."""
    return field(grid, rng, np.exp(-((grid.q * wavelength) ** 2) / 2))


def directed_band(grid, wavelength, width, angle, focus):
    """Amplitudes of waves that run along the angle, from all over (focus 0) to parallel (30)."""
    turn = np.arctan2(grid.ky, grid.kx) - angle
    return band_amplitude(grid, wavelength, width) * np.exp(focus / 2 * (np.cos(2 * turn) - 1))


def maze(grid, rng, amplitude, shift=0.0, rounds=6):
    """Stripes of even height that end, fork and turn: a band filtered and saturated in turns.

    A shift away from 0 breaks the stripes up into dots (below) or holes (above).
    """
    z = field(grid, rng, amplitude)
    for _ in range(rounds):
        waves = fft.rfft2(np.tanh(2 * (z + shift)).astype(np.float32)) * amplitude
        waves[0, 0] = 0
        z = unit(fft.irfft2(waves, s=grid.x.shape))
    return z


def at_share(z, share):
    """The field less the level above which a share of its pixels lies."""
    return z - np.quantile(z, 1 - share).astype(np.float32)
