"""Random rough surfaces."""

import numpy as np
from scipy import fft


def gaussian_field(shape, pixel, correlation, hurst, rng) -> np.ndarray:
    """Return a self-affine Gaussian random field with mean 0, periodic.

    The power spectral density is that of a surface of rms 1: it falls as
    ``q ** -(2 + 2 * hurst)`` beyond ``1 / correlation`` and is flat below. A field shows the
    wavelengths between its side and two pixels, hence less than the whole rms.

    Parameters
    ----------
    shape : (H, W)
    pixel : float, nm
    correlation : float, nm
    hurst : float, 0 to 1
    rng : numpy Generator

    Returns
    -------
    float32 array of shape (H, W)

    References
    ----------
    Necas & Klapetek, Nanomaterials 11, 1746 (2021), doi:10.3390/nano11071746, section 3.
    """
    q = np.hypot(fft.fftfreq(shape[0], pixel)[:, None], fft.rfftfreq(shape[1], pixel))
    amplitude = (q**2 + correlation**-2) ** (-(1 + hurst) / 2)
    amplitude[0, 0] = 0
    # The density's integral over the whole plane of q is pi / hurst * correlation ** (2 * hurst).
    amplitude *= np.sqrt(hurst / np.pi) * correlation**-hurst / pixel
    noise = fft.rfft2(rng.standard_normal(shape, dtype=np.float32))
    return fft.irfft2(noise * amplitude.astype(np.float32), s=shape)
