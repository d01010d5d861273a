"""Spatial family: the power spectral density that its other parts share.

Each function takes heights (H, W), levelled, and the pixel size, nm: one number or (dy, dx).
C(q) is the density of the variance over wave vectors, nm4: heights about their mean, times a
Hann window along each axis, Fourier transformed, squared; it integrates to Sq^2 exactly, whatever
the window has cut. Below 16x16 pixels everything is undefined (NaN), on flat maps every ratio.
"""

from functools import cached_property

import numpy as np
from scipy import fft

from tmdfeat.physical.arrays import ROUNDING, check_heights, check_pixel_size
from tmdfeat.physical.height import Heights
from tmdfeat.physical.spatial_acf import SMALLEST

JACOBS = "doi:10.1088/2051-672X/aa51f8"


class Spectrum:
    """Power spectral density of a map, as shares of its variance.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm

    Attributes
    ----------
    rms : float
        Sq, nm; NaN below 16x16 pixels.
    defined : bool
        Whether the map has heights and enough pixels.
    side, nyquist : float
        Shorter side, nm; highest frequency that both axes resolve, 1/nm.
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        heights = Heights(z)
        large = min(z.shape) >= min(SMALLEST)
        self.unit = heights.unit
        self.rms = heights.size * heights.rms if large else np.nan
        self.defined = heights.size > 0 and large
        self.side = min(n * d for n, d in zip(z.shape, self.pixel_size, strict=True))
        self.nyquist = 0.5 / max(self.pixel_size)

    @cached_property
    def waves(self) -> tuple[np.ndarray, np.ndarray]:
        """Frequencies along rows, (H, 1), and columns, (W // 2 + 1,), 1/nm."""
        (height, width), (dy, dx) = self.unit.shape, self.pixel_size
        return fft.fftfreq(height, dy)[:, None], fft.rfftfreq(width, dx)

    @cached_property
    def frequency(self) -> np.ndarray:
        """Length of the wave vector over 2 pi, 1/nm, (H, W // 2 + 1)."""
        down, across = self.waves
        return np.sqrt(down**2 + across**2)

    @cached_property
    def repeats(self) -> np.ndarray:
        """How often each column of `density` stands in the whole plane, (W // 2 + 1,)."""
        width = self.unit.shape[1]
        return np.where((np.arange(width // 2 + 1) * 2) % width == 0, 1.0, 2.0)

    @cached_property
    def density(self) -> np.ndarray:
        """Share of the variance in each wave of the half plane, (H, W // 2 + 1), mean left out."""
        down, across = (np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in self.unit.shape)
        mean = down @ self.unit @ across / (down.sum() * across.sum())
        spectrum = fft.rfft2((self.unit - mean) * down[:, None] * across, overwrite_x=True)
        density = spectrum.real**2 + spectrum.imag**2
        density[0, 0] = 0
        return density / np.sum(density @ self.repeats)

    @cached_property
    def power(self) -> np.ndarray:
        """As `density`, with what the other half plane holds: sums to 1."""
        return self.density * self.repeats

    @cached_property
    def rings(self) -> np.ndarray:
        """Mean of `density` over rings as wide as the lowest frequency, 1 / side, from the first.

        Only whole rings, up to Nyquist; NaN if there are not two, as with very oblong pixels.
        Rounding is raised to its size, so that logarithms exist.
        """
        count = int(self.nyquist * self.side - 0.5 + 1e-9)
        if count < 2 or not self.defined:
            return np.full(2, np.nan)
        ring = np.rint(self.frequency * self.side).astype(np.intp).ravel()
        repeats = np.broadcast_to(self.repeats, self.frequency.shape).ravel()
        members = np.bincount(ring, repeats)[1 : count + 1]
        means = np.bincount(ring, self.power.ravel())[1 : count + 1] / members
        return np.maximum(means, ROUNDING**2 * means.max())


def spectrum(z, pixel_size=1.0) -> Spectrum:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Spectrum) else Spectrum(z, pixel_size)


def radial_density(z, pixel_size=1.0) -> tuple[np.ndarray, np.ndarray]:
    """Power spectral density averaged over directions.

    Returns
    -------
    q : array of shape (n,)
        Wave numbers 2 pi / wavelength, 1/nm, from the shorter side to two pixels.
    C : array of shape (n,)
        nm4; NaN for a flat map.

    Examples
    --------
    >>> q, C = radial_density(np.random.default_rng(0).normal(size=(256, 256)))
    >>> round(float(np.mean(C)) * (2 * np.pi) ** 2, 1)  # white noise of Sq 1 and pixels of 1 nm
    1.0
    """
    s = spectrum(z, pixel_size)
    (height, width), (dy, dx) = s.unit.shape, s.pixel_size
    cell = (2 * np.pi) ** 2 / (height * dy * width * dx)
    q = 2 * np.pi / s.side * np.arange(1, len(s.rings) + 1)
    return q, s.rms**2 * s.rings / cell
