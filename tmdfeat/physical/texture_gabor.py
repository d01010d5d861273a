"""Texture family, third part: log-Gabor energies at four wavelengths, whatever the direction.

A log-Gabor filter passes waves about one wavelength and one direction. Its mean energy is read
off the power spectrum (Parseval), without filtering. As a function of the filter's direction the
energy has the angular harmonics of the spectrum within the band, each times a constant of the
filter's angular window. So harmonics of the spectrum over the harmonic 0 are taken: they stand
for filters in all directions and do not change when the map is turned.
"""

from functools import cached_property, partial

import numpy as np
from scipy.fft import rfft2

from tmdfeat.physical.arrays import about_mean, check_heights, check_pixel_size, in_units
from tmdfeat.physical.descriptor import Descriptor

WAVES = (16, 32, 64, 128)
FOLDS = (2, 4, 6)
NOISE = 1e-24  # share of the power that rounding of the transform leaves in an empty band


class Spectrum:
    """Power spectrum of a map under a Hann window, within the circle of Nyquist's frequency.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        self.size, self.unit = in_units(about_mean(z))
        self._bands: dict[float, np.ndarray] = {}

    @cached_property
    def waves(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each wave: log2 of its frequency, its power in units of `size` squared, harmonics.

        Harmonics are cos and sin of 0, 2, 4 and 6 times the direction, as columns.
        """
        (rows, columns), (dy, dx) = self.unit.shape, self.pixel_size
        hann = np.outer(*(np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in self.unit.shape))
        power = np.abs(rfft2(self.unit * hann)) ** 2 / (self.unit.size * np.sum(hann**2))
        power[:, 1 : (columns + 1) // 2] *= 2  # the half of the plane that rfft2 leaves out
        wave = np.fft.rfftfreq(columns, dx) + 1j * np.fft.fftfreq(rows, dy)[:, None]
        square = wave.real**2 + wave.imag**2
        inside = (square > 0) & (square <= (0.5 / max(dy, dx)) ** 2)
        wave, square = wave[inside], square[inside]
        turn = wave * wave / square
        harmonics = np.stack([np.ones_like(turn), turn, turn**2, turn**3], axis=1)
        return np.log2(square) / 2, power[inside], harmonics.view(np.float64)

    def harmonics(self, wave: float) -> np.ndarray:
        """Energy in the band about a wavelength, and its angular harmonics 2, 4 and 6."""
        if wave not in self._bands:
            octaves, power, harmonics = self.waves
            passed = power * np.exp2(-8 * (octaves + np.log2(wave)) ** 2)
            self._bands[wave] = (passed @ harmonics).view(np.complex128)
        return self._bands[wave]

    def resolves(self, wave: float) -> bool:
        """Whether the band lies below Nyquist's frequency and a wave fits into the map."""
        sides = (n * step for n, step in zip(self.unit.shape, self.pixel_size, strict=True))
        return 2 * np.sqrt(2) * max(self.pixel_size) <= wave <= min(sides)


def spectrum(z, pixel_size=1.0) -> Spectrum:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Spectrum) else Spectrum(z, pixel_size)


def log_gabor_deviation(z, pixel_size=1.0, wave: float = 16) -> float:
    """Root mean square of what a log-Gabor filter of all directions passes, nm.

    The filter is 2^(-4 log2(f wave)^2) at frequency f: 1 at the wavelength, 1/2 half an octave
    off. A sine of amplitude A at the centre gives A / sqrt(2), but for the Hann window. Unchanged
    by an offset, quarter turns and flips; proportional to z. NaN if the wavelength is under 2.83
    pixels or longer than a side.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    wave : float, nm

    Examples
    --------
    >>> x = np.sin(2 * np.pi * np.arange(256) / 16)
    >>> round(log_gabor_deviation(np.tile(x, (256, 1))), 2)
    0.7
    """
    s = spectrum(z, pixel_size)
    return s.size * float(np.sqrt(s.harmonics(wave)[0].real)) if s.resolves(wave) else np.nan


def log_gabor_anisotropy(z, pixel_size=1.0, wave: float = 16, fold: int = 2) -> float:
    """Angular harmonic of the log-Gabor energy over its mean: 0 isotropic, 1 one direction.

    Fold 2 sees stripes, 4 squares, 6 triangles and hexagons. Unchanged by an offset, a factor,
    quarter turns and flips, and by other turns but for what the map's border cuts. NaN where the
    band is empty, and as in `log_gabor_deviation`.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : float or (dy, dx), nm
    wave : float, nm
    fold : {2, 4, 6}

    Examples
    --------
    >>> x = np.sin(2 * np.pi * np.arange(256) / 16)
    >>> round(log_gabor_anisotropy(np.tile(x, (256, 1))), 2)
    1.0
    """
    s = spectrum(z, pixel_size)
    if not s.resolves(wave):
        return np.nan
    energy, *harmonics = s.harmonics(wave)
    if not energy.real > NOISE * float(np.mean(s.unit**2)):
        return np.nan
    return float(abs(harmonics[FOLDS.index(fold)]) / energy.real)


FIELD = "doi:10.1364/JOSAA.4.002379"
_gabor = partial(Descriptor, family="texture", source=FIELD, prepare=Spectrum)
_length = partial(_gabor, unit="nm", unit_px="rel", needs=("z_nm", "pixel_size"))
_ratio = partial(_gabor, unit_px="px", needs=("pixel_size",))

DESCRIPTORS = (
    *(
        _length(
            f"gabor_l{wave}_rms",
            partial(log_gabor_deviation, wave=wave),
            summary=f"Root mean square of waves about {wave} nm (px), by a log-Gabor filter.",
        )
        for wave in WAVES
    ),
    *(
        _ratio(
            f"gabor_l{wave}_c{fold}",
            partial(log_gabor_anisotropy, wave=wave, fold=fold),
            summary=f"{fold}-fold anisotropy of waves about {wave} nm (px), 0 to 1.",
        )
        for wave in WAVES
        for fold in FOLDS
    ),
)
