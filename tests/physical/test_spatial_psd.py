import numpy as np
import pytest
from physical.spatial_surfaces import filtered_noise, oblique_sine
from physical.surfaces import sine

from tmdfeat.physical.spatial_psd import (
    dominant_wavelength,
    spectral_centroid,
    spectral_entropy,
    spectral_flatness,
)

WHITE = np.random.default_rng(0).normal(size=(512, 512))


@pytest.mark.parametrize("pixel", [1.0, 0.3])
@pytest.mark.parametrize("samples", [8, 16, 64])
def test_a_sine_has_its_wavelength(samples, pixel):
    z = sine(samples)
    assert dominant_wavelength(z, pixel) == pytest.approx(samples * pixel)
    assert dominant_wavelength(z.T, pixel) == pytest.approx(samples * pixel)
    assert 1 / spectral_centroid(z, pixel) == pytest.approx(samples * pixel, rel=0.02)


def test_the_dominant_wavelength_equals_surfalize():
    Surface = pytest.importorskip("surfalize").Surface
    z = sine(16) + 0.5 * sine(64).T
    other = Surface(z, 2.0, 2.0)
    assert dominant_wavelength(z, 2.0) == pytest.approx(other.Ssw())


def test_an_oblique_wave_is_found_to_the_next_wave_of_the_map():
    z = oblique_sine(10.3, angle=0.7)
    assert dominant_wavelength(z, 2.0) == pytest.approx(20.6, rel=10.3 / 256)


def test_the_stronger_of_two_waves_dominates():
    assert dominant_wavelength(2 * sine(8) + sine(32)) == pytest.approx(8)
    assert dominant_wavelength(sine(8) + 2 * sine(32).T) == pytest.approx(32)


@pytest.mark.parametrize("pixel", [1.0, 2.5])
def test_white_noise_has_the_mean_frequency_of_a_square(pixel):
    # Mean distance of the points of a unit square from its centre.
    theory = (np.sqrt(2) + np.log(1 + np.sqrt(2))) / 6
    assert spectral_centroid(WHITE, pixel) == pytest.approx(theory / pixel, rel=0.01)


def test_filtered_noise_has_the_mean_frequency_of_its_gaussian():
    # Density exp(-(q sigma)^2): the mean of q over the plane is sqrt(pi) / 2 / sigma.
    theory = np.sqrt(np.pi) / 2 / 4.0 / (2 * np.pi)
    assert spectral_centroid(filtered_noise(1024, 4.0)) == pytest.approx(theory, rel=0.02)


def test_white_noise_is_as_even_and_flat_as_can_be():
    assert spectral_entropy(WHITE) == pytest.approx(1, abs=0.005)
    assert spectral_flatness(WHITE) == pytest.approx(1, abs=0.02)


def test_one_wave_is_neither():
    # The window spreads a wave along columns over rings k - 1, k, k + 1 only, as 1/4, 1, 1/4 in
    # power, and ring k has about 2 pi k waves.
    z = sine(8)
    p = np.array([1, 4, 1]) / np.array([31, 32, 33])
    p /= p.sum()
    assert spectral_entropy(z) == pytest.approx(-np.sum(p * np.log(p)) / np.log(127), abs=0.03)
    assert spectral_flatness(z) < 1e-12


def test_the_flatness_of_filtered_noise_is_that_of_its_gaussian():
    sigma, side = 1.0, 512
    q = 2 * np.pi / side * np.arange(1, side // 2)
    theory = np.exp(-np.mean((q * sigma) ** 2)) / np.mean(np.exp(-((q * sigma) ** 2)))
    assert spectral_flatness(filtered_noise(side, sigma)) == pytest.approx(theory, rel=0.1)
