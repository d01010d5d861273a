import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tmdfeat.physical.local_bands import BEST_WAVE, DESCRIPTORS, Cosines, band_deviation


def cosine(samples, side=240, amplitude=1.0):
    """Whole half periods, mirrored at the borders, so that reflection continues the wave."""
    wave = np.cos(2 * np.pi * (np.arange(side) + 0.5) / samples)
    return np.tile(amplitude * wave, (side, 1))


def passed(wave, sigma):
    q = 2 * np.pi / wave
    return np.exp(-((sigma * q) ** 2) / 2) - np.exp(-((2 * sigma * q) ** 2) / 2)


@pytest.mark.parametrize("samples", [6, 16, 48, 120])
@pytest.mark.parametrize("sigma", [2, 8, 16])
def test_a_sine_comes_out_by_the_transfer_function(samples, sigma):
    z = cosine(samples, amplitude=3.0)
    expected = 3 / np.sqrt(2) * passed(samples, sigma)
    assert band_deviation(z, sigma=sigma) == pytest.approx(expected, abs=1e-12)
    assert band_deviation(z * 1e-3, 0.5, sigma / 2) == pytest.approx(expected * 1e-3, abs=1e-12)


def test_the_best_wave_is_the_maximum_of_the_transfer_function():
    waves = np.linspace(0.5, 2, 10_001) * BEST_WAVE
    assert waves[np.argmax(passed(waves, 1.0))] == pytest.approx(BEST_WAVE, rel=1e-3)


@pytest.mark.parametrize("sigma", [2, 4])
def test_noise_comes_out_as_from_scipys_gaussian_filter(sigma):
    z = np.random.default_rng(0).normal(size=(70, 90)) + 7
    narrow, wide = (gaussian_filter(z, s, mode="reflect", truncate=9) for s in (sigma, 2 * sigma))
    expected = np.sqrt(np.mean((narrow - wide) ** 2))
    assert band_deviation(z, sigma=sigma) == pytest.approx(expected, rel=1e-6)


def test_oblong_pixels_are_smoothed_along_each_axis_in_its_unit():
    z = np.random.default_rng(1).normal(size=(70, 90))
    narrow, wide = (gaussian_filter(z, (s, s / 2), mode="reflect", truncate=9) for s in (4, 8))
    expected = np.sqrt(np.mean((narrow - wide) ** 2))
    assert band_deviation(z, (1.0, 2.0), sigma=4) == pytest.approx(expected, rel=1e-5)


def test_bands_need_two_pixels_per_wave_and_a_whole_wave():
    z = np.random.default_rng(2).normal(size=(100, 120))
    for pixel in (BEST_WAVE / 2 * 1.001, BEST_WAVE / 100 * 0.999):
        assert np.isnan(band_deviation(z, pixel, sigma=1.0))
    for pixel in (BEST_WAVE / 2 * 0.999, BEST_WAVE / 100 * 1.001):
        assert band_deviation(z, pixel, sigma=1.0) > 0


def test_the_coarser_axis_decides_which_waves_are_resolved():
    z = np.random.default_rng(2).normal(size=(100, 400))
    assert np.isnan(band_deviation(z, (BEST_WAVE / 2 * 1.001, 0.1), sigma=1.0))


def test_octaves_share_the_variance_of_waves_within_them():
    # No sum rule holds for differences of Gaussians, but none exceeds the whole.
    z = np.random.default_rng(3).normal(size=(256, 256))
    assert sum(d.compute(z) ** 2 for d in DESCRIPTORS) < np.var(z)


def test_prepared_map_gives_the_same_as_the_array():
    z = np.random.default_rng(4).normal(size=(64, 64))
    assert band_deviation(Cosines(z, 2.0), sigma=4) == band_deviation(z, 2.0, sigma=4)
