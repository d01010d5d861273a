from math import comb

import numpy as np
import pytest
from physical.spatial_surfaces import hexagonal, oblique_sine
from physical.surfaces import egg_crate, sine

from tmdfeat.physical.texture_gabor import (
    DESCRIPTORS,
    Spectrum,
    log_gabor_anisotropy,
    log_gabor_deviation,
)


def anisotropies(z, wave=16, pixel=1.0):
    return [log_gabor_anisotropy(z, pixel, wave, fold) for fold in (2, 4, 6)]


def hann(n):
    return np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2


@pytest.mark.parametrize("wave", [8, 16, 32, 64])
def test_a_sine_comes_out_by_the_filter_and_the_three_lines_of_the_window(wave):
    n, amplitude = 256, 3.0
    lines = [(k, weight) for k, weight in ((-1, 1 / 6), (0, 2 / 3), (1, 1 / 6))]
    expected = 0.0
    for right, a in lines:
        for down, b in lines:
            f = np.hypot(n // 16 + right, down) / n
            expected += a * b * np.exp2(-8 * np.log2(f * wave) ** 2)
    z = sine(16, side=n, amplitude=amplitude)
    deviation = log_gabor_deviation(z, wave=wave)
    assert deviation == pytest.approx(amplitude * np.sqrt(expected / 2), rel=1e-6)
    if wave == 16:
        assert deviation == pytest.approx(amplitude / np.sqrt(2), rel=0.02)


def test_anisotropy_equals_that_of_a_bank_of_oriented_filters():
    # Angular windows cos^4: the squared window's harmonics are binomial.
    z = np.random.default_rng(0).normal(size=(60, 80)).cumsum(axis=1)
    spectrum = np.fft.fft2((z - z.mean()) * np.outer(hann(60), hann(80)))
    fx, fy = np.meshgrid(np.fft.fftfreq(80), np.fft.fftfreq(60))
    f, angle = np.hypot(fx, fy), np.arctan2(fy, fx)
    f[0, 0] = 1e-9
    radial = np.where(f <= 0.5, np.exp2(-4 * np.log2(f * 16) ** 2), 0)
    directions = np.arange(12) * np.pi / 12
    images = (np.fft.ifft2(spectrum * radial * np.cos(angle - d) ** 4) for d in directions)
    energies = np.array([np.mean(np.abs(image) ** 2) for image in images])
    for fold in (2, 4, 6):
        bank = abs(energies @ np.exp(1j * fold * directions)) / energies.sum()
        window = comb(8, 4 + fold // 2) / comb(8, 4)
        ours = log_gabor_anisotropy(z, wave=16, fold=fold)
        assert ours == pytest.approx(bank / window, rel=1e-9)


@pytest.mark.parametrize("angle", np.radians([0, 10, 45, 77]))
def test_one_wave_has_all_folds_whatever_its_direction(angle):
    assert anisotropies(oblique_sine(16, angle)) == pytest.approx([1, 1, 1], abs=0.05)


def test_an_egg_crate_has_fourfold_symmetry_only():
    assert anisotropies(egg_crate(16)) == pytest.approx([0, 1, 0], abs=0.03)


@pytest.mark.parametrize("angle", np.radians([0, 10, 27]))
def test_hexagonal_waves_have_sixfold_symmetry_only(angle):
    assert anisotropies(hexagonal(16, angle)) == pytest.approx([0, 0, 1], abs=0.05)


def test_white_noise_is_isotropic_and_fills_the_band():
    z = np.random.default_rng(1).normal(size=(512, 512))
    assert anisotropies(z, wave=8) == pytest.approx([0, 0, 0], abs=0.05)
    # Integral of the squared filter over the plane, the filter's octaves being Gaussian.
    octaves = np.linspace(-6, 1, 4001)
    f = np.exp2(octaves) / 8
    inside = 2 * np.pi * f**2 * np.log(2) * np.exp2(-8 * octaves**2)
    expected = np.sqrt(np.sum(inside) * (octaves[1] - octaves[0]))
    assert log_gabor_deviation(z, wave=8) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("pixel", [(2.0, 0.5), (0.5, 2.0)])
def test_oblong_pixels_are_measured_in_their_unit(pixel):
    y, x = np.mgrid[:256, :256] * np.reshape(pixel, (2, 1, 1))
    z = np.sin(2 * np.pi * x / 16) + np.sin(2 * np.pi * y / 16)
    assert anisotropies(z, 16, pixel) == pytest.approx([0, 1, 0], abs=0.03)
    assert log_gabor_deviation(z, pixel, 16) == pytest.approx(1, rel=0.03)


def test_waves_need_three_pixels_and_room():
    z = np.random.default_rng(2).normal(size=(100, 120))
    for pixel in (16 / 2.8, 16 / 101):
        assert np.isnan([log_gabor_deviation(z, pixel, 16), *anisotropies(z, 16, pixel)]).all()
    for pixel in (16 / 2.9, 16 / 99):
        assert np.isfinite([log_gabor_deviation(z, pixel, 16), *anisotropies(z, 16, pixel)]).all()


def test_an_empty_band_has_no_directions():
    z = sine(4, side=256)
    assert log_gabor_deviation(z, wave=128) == pytest.approx(0, abs=1e-12)
    assert np.isnan(anisotropies(z, wave=128)).all()


def test_a_flat_map_has_no_waves_and_no_directions():
    values = [d.compute(np.ones((140, 140))) for d in DESCRIPTORS]
    assert values[:4] == [0, 0, 0, 0]
    assert np.isnan(values[4:]).all()


def test_prepared_spectrum_gives_the_same_as_the_array():
    z = np.random.default_rng(3).normal(size=(64, 64))
    assert anisotropies(Spectrum(z)) == anisotropies(z)
