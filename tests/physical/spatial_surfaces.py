"""Surfaces whose autocorrelation or power spectrum is known in closed form."""

import numpy as np
from scipy import ndimage


def filtered_noise(side, sigma, seed=0):
    """White noise under a Gaussian filter: autocorrelation exp(-r^2 / (4 sigma^2)), periodic."""
    noise = np.random.default_rng(seed).normal(size=(side, side))
    return ndimage.gaussian_filter(noise, sigma, mode="wrap")


def oblique_sine(samples, angle, side=256):
    """Wave vector at `angle`, radians, counter-clockwise from the columns' axis, row 0 on top."""
    y, x = np.mgrid[:side, :side]
    return np.sin(2 * np.pi / samples * (x * np.cos(angle) - y * np.sin(angle)))


def hexagonal(samples, angle=0.0, side=256):
    """Three waves of one length, 60 degrees apart."""
    return sum(oblique_sine(samples, angle + k * np.pi / 3, side) for k in range(3))


def self_affine(side, hurst, seed=0):
    """Gaussian surface with density q^-(2 + 2 hurst) between the side and two pixels, periodic."""
    q = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    amplitude = np.where((q > 0) & (q <= 0.5), q, np.inf) ** -(1 + hurst)
    noise = np.fft.rfft2(np.random.default_rng(seed).normal(size=(side, side)))
    return np.fft.irfft2(noise * amplitude, s=(side, side))
