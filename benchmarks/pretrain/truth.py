"""Physical quantities of a map, measured on the map itself: what a network can be asked for.

Heights are standardised, lengths are in pixels. The logarithms are natural.
"""

from functools import lru_cache

import numpy as np
from grid import make_grid
from scipy import fft, ndimage

OCTAVES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 0.75)  # cycles per pixel; the last is the corner
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
TRUTH = (
    *("skewness", "log_kurtosis"),
    *("log_correlation_length", "log_aspect", "direction_cos2", "direction_sin2"),
    *("log_slope", "log_curvature", "log_slope_kurtosis", "flat_share"),
    *("spectral_slope", "log_spectral_peak"),
    *(f"log_band_{k}" for k in range(1, len(OCTAVES))),
    *(f"height_q{round(100 * q):02d}" for q in QUANTILES),
    *("share_high", "share_low", "log_summits"),
)


@lru_cache(maxsize=4)
def _frequencies(size):
    """Octave and fine ring of every frequency, the fine rings' middles, window and its weight."""
    grid = make_grid(size)
    octave = np.digitize(grid.q, OCTAVES)
    rings = np.geomspace(2 / size, 0.35, 14)
    ring = np.digitize(grid.q, rings)
    window = np.outer(np.hanning(size), np.hanning(size)).astype(np.float32)
    overlap = fft.fftshift(fft.irfft2(np.abs(fft.rfft2(window)) ** 2, s=window.shape))
    return octave, ring, np.sqrt(rings[1:] * rings[:-1]), window, overlap


def _power(z):
    """Power of each frequency under a Hann window, both halves of the plane counted."""
    window = _frequencies(len(z))[3]
    seen = (z - (z * window).sum() / window.sum()) * window
    power = np.abs(fft.rfft2(seen)) ** 2
    power[:, 1 : (len(z) + 1) // 2] *= 2
    return power


def _spectral(z, power):
    octave, ring, middles, _, _ = _frequencies(len(z))
    bands = np.bincount(octave.ravel(), power.ravel(), len(OCTAVES) + 1)[: len(OCTAVES)]
    bands[1] += bands[0]  # longer waves count in the first octave, and twice in the whole
    counts = np.bincount(ring.ravel(), minlength=len(middles) + 2)[1:-1]
    mean = np.bincount(ring.ravel(), power.ravel(), len(middles) + 2)[1:-1] / np.maximum(counts, 1)
    mean = np.log(mean + 1e-9 * mean.max() + 1e-30)
    slope = np.polyfit(np.log(middles), mean, 1)[0]
    peak = mean.max() - np.log(np.exp(mean).mean())
    return slope, peak, np.log(bands[1:] / bands.sum() + 1e-4)


def _correlation(z, power):
    """Log length where the autocorrelation falls to 1/e, log aspect, cos and sin of twice the
    direction times (1 - 1/aspect).
    """
    size, overlap = len(z), _frequencies(len(z))[4]
    half = power.copy()
    half[:, 1 : (size + 1) // 2] /= 2
    found = fft.fftshift(fft.irfft2(half, s=z.shape)) / np.maximum(overlap, 0.05 * overlap.max())
    near = found > found[size // 2, size // 2] / np.e
    labels, _ = ndimage.label(near)
    row, column = np.nonzero(labels == labels[size // 2, size // 2])
    spread = (
        np.cov(np.stack([column, row]) - size // 2, bias=True) if len(row) > 1 else np.zeros((2, 2))
    )
    spread = spread + np.eye(2) / 12  # the spread of one pixel itself
    half_sum, half_difference = np.trace(spread) / 2, (spread[0, 0] - spread[1, 1]) / 2
    radius = np.hypot(half_difference, spread[0, 1])
    aspect = np.sqrt((half_sum + radius) / max(half_sum - radius, 1e-9))
    strength = (1 - 1 / aspect) / max(radius, 1e-9)
    return (
        np.log(len(row) / np.pi) / 2,
        np.log(aspect),
        strength * half_difference,
        strength * spread[0, 1],
    )


def _local(z):
    """Slope, curvature, kurtosis of the slopes, share of flat ground."""
    gy, gx = z[1:, :-1] - z[:-1, :-1], z[:-1, 1:] - z[:-1, :-1]
    square = gx * gx + gy * gy
    mean = max(float(square.mean()), 1e-12)
    bend = z[2:, 1:-1] + z[:-2, 1:-1] + z[1:-1, 2:] + z[1:-1, :-2] - 4 * z[1:-1, 1:-1]
    kurtosis = float((square * square).mean()) / mean**2
    flat = float((square < 0.04 * mean).mean())
    return np.log(mean) / 2, np.log((bend * bend).mean() + 1e-12) / 2, np.log(kurtosis), flat


def measure(z):
    """All of `TRUTH` for one standardised map, float32."""
    power = _power(z)
    slope, peak, bands = _spectral(z, power)
    cubed = z * z * z
    summit = (ndimage.maximum_filter(z, 5) == z) & (z > 0)
    return np.array(
        [
            *(cubed.mean(), np.log((cubed * z).mean())),
            *_correlation(z, power),
            *_local(z),
            *(slope, peak, *bands),
            *np.quantile(z, QUANTILES),
            *((z > 1).mean(), (z < -1).mean(), np.log(summit.mean() + 1e-4)),
        ],
        np.float32,
    )
