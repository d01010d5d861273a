"""What goes wrong row by row: offsets, flicker, mains hum, scars, lost rows."""

import numpy as np
from scipy import fft
from scipy.signal import lfilter


def row_offsets(n, rms, rng) -> np.ndarray:
    """Return independent offsets of rows, float32 array of shape (n,), nm."""
    return np.float32(rms) * rng.standard_normal(n, dtype=np.float32)


def pixel_noise(shape, rms, lag, rng) -> np.ndarray:
    """Return noise of pixels that is alike over a time constant (pixels) along rows.

    Parameters
    ----------
    shape : (H, W)
    rms : float, nm
    lag : float, pixels
        The correlation of two pixels of a row falls by a factor e over this way.
    rng : numpy Generator

    Returns
    -------
    float32 array of shape (H, W), nm
    """
    noise = rng.standard_normal(shape, dtype=np.float32) * np.float32(rms)
    if lag == 0:
        return noise
    alike = float(np.exp(-1 / lag))
    noise[:, 1:] *= np.float32(np.sqrt(1 - alike**2))  # each pixel keeps the rms
    return lfilter(np.ones(1, np.float32), np.array([1, -alike], np.float32), noise, axis=1)


def flicker(shape, rms, rng) -> np.ndarray:
    """Return 1/f noise in time, taken row after row.

    Parameters
    ----------
    shape : (H, W)
    rms : float, nm
    rng : numpy Generator

    Returns
    -------
    float32 array of shape (H, W), nm
        Mean 0. The retrace takes as long as the trace and is not shown.
    """
    n = 2 * shape[0] * shape[1]
    k = np.arange(n // 2 + 1, dtype=np.float32)
    k[0] = np.inf
    # Half of the spectrum's power lies on its positive side, and each coefficient is complex.
    power = 2 * np.sum(1 / k[1:], dtype=np.float64)
    noise = rng.standard_normal((2, k.size), dtype=np.float32) / np.sqrt(2 * k * np.float32(power))
    series = fft.irfft(noise[0] + 1j * noise[1], n=n) * np.float32(n * rms)
    return series.reshape(shape[0], 2, shape[1])[:, 0]


def hum(shape, amplitude, cycles, phase) -> np.ndarray:
    """Return a sine in time; `cycles` of it pass from one row to the next.

    Returns
    -------
    float32 array of shape (H, W), nm
    """
    start = np.arange(shape[0])[:, None]
    time = start + np.arange(shape[1]) / (2 * shape[1])
    return (amplitude * np.sin(2 * np.pi * cycles * time + phase)).astype(np.float32)


def add_scars(z, number, height, rng) -> int:
    """Add strokes along rows, where the tip lost or dragged something.

    Parameters
    ----------
    z : array of shape (H, W), nm
        Changed in place.
    number : float
        Mean number.
    height : float, nm
        Mean height; half as many go down as up.
    rng : numpy Generator

    Returns
    -------
    int
        How many there are.
    """
    n = rng.poisson(number)
    for _ in range(n):
        row, start = rng.integers(z.shape[0]), rng.integers(z.shape[1])
        length = 1 + int(rng.exponential(z.shape[1] / 6))
        thick = 1 + (rng.random() < 0.3)
        sign = 1 if rng.random() < 2 / 3 else -1
        z[row : row + thick, start : start + length] += sign * np.float32(rng.exponential(height))
    return n


def lose_rows(z, number, rng) -> int:
    """Repeat the row before, for a mean number of rows; return of how many. Changes `z`."""
    n = min(rng.poisson(number), z.shape[0] - 1)
    for row in rng.choice(np.arange(1, z.shape[0]), n, replace=False):
        z[row] = z[row - 1]
    return int(n)
