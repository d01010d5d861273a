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
from tmdfeat.physical.row_blocks import block_map, block_mean, row_blocks

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
    def power(self) -> np.ndarray:
        """Power of each wave of the half plane, in units of `size` squared, (H, W // 2 + 1)."""
        hann = [np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in self.unit.shape]
        waves = rfft2(self.unit * np.outer(*hann), overwrite_x=True)
        power = block_map(lambda w: w.real**2 + w.imag**2, waves)
        power /= self.unit.size * np.prod([np.sum(side**2) for side in hann])
        power[:, 1 : (self.unit.shape[1] + 1) // 2] *= 2  # the half that rfft2 leaves out
        return power

    @cached_property
    def noise(self) -> float:
        """Energy that rounding of the transform leaves in an empty band."""
        return NOISE * block_mean(np.square, self.unit)

    def harmonics(self, wave: float) -> np.ndarray:
        """Energy in the band about a wavelength, and its angular harmonics 2, 4 and 6."""
        if wave not in self._bands:
            waves = sorted({wave, *filter(self.resolves, WAVES)})  # one way through the plane
            self._bands = dict(zip(waves, self._measure(np.array(waves)), strict=True))
        return self._bands[wave]

    def _measure(self, waves: np.ndarray) -> np.ndarray:
        """Energy and harmonics of each band, complex, shape (waves, 4)."""
        (rows, columns), (dy, dx) = self.unit.shape, self.pixel_size
        right, down = np.fft.rfftfreq(columns, dx), np.fft.fftfreq(rows, dy)[:, None]
        sums = np.zeros((len(waves), 8))
        for block in row_blocks(self.power):
            square = right**2 + down[block] ** 2
            inside = (square > 0) & (square <= (0.5 / max(dy, dx)) ** 2)
            square, wave = square[inside], (right + 1j * down[block])[inside]
            turn = wave * wave / square
            turns = np.stack([np.ones_like(turn), turn, turn**2, turn**3], axis=1)
            octaves = np.log2(square) / 2 + np.log2(waves)[:, None]
            passed = self.power[block][inside] * np.exp2(-8 * octaves**2)
            sums += passed @ turns.view(np.float64)  # cos and sin as columns
        return sums.view(np.complex128)

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
    if not energy.real > s.noise:
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
