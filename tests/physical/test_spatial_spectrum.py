import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.spatial_surfaces import filtered_noise
from physical.surfaces import sine

from tmdfeat.physical.spatial_spectrum import Spectrum, radial_density

SHAPES = [(16, 16), (17, 31), (40, 23), (32, 33)]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shares_of_all_waves_sum_to_one(shape):
    z = np.random.default_rng(0).gamma(2.0, size=shape)
    assert Spectrum(z).power.sum() == pytest.approx(1)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_half_plane_holds_the_whole_spectrum(shape):
    z = np.random.default_rng(1).normal(size=shape)
    s = Spectrum(z, (2.0, 3.0))
    whole = np.hypot(np.fft.fftfreq(shape[0], 2.0)[:, None], np.fft.fftfreq(shape[1], 3.0))
    counted = np.sum(np.broadcast_to(s.repeats, s.frequency.shape)[s.frequency < 0.1])
    assert counted == np.sum(whole < 0.1)


def test_the_density_is_that_of_the_windowed_map():
    z = np.random.default_rng(2).normal(size=(24, 30))
    window = np.outer(*(np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in z.shape))
    windowed = (z - np.average(z, weights=window)) * window
    expected = np.abs(np.fft.fft2(windowed)) ** 2
    assert_allclose(Spectrum(z).density, (expected / expected.sum())[:, :16], atol=1e-14)


def test_the_mean_is_left_out_wherever_the_heights_lie():
    z = np.zeros((32, 32))
    z[0, 0] = 1.0  # where the window is smallest
    s = Spectrum(z + 1e3)
    assert s.density[0, 0] == 0
    assert s.power.sum() == pytest.approx(1)


@pytest.mark.parametrize("pixel", [1.0, 2.5])
def test_the_radial_density_of_white_noise_is_its_variance_over_all_waves(pixel):
    z = 3.0 * np.random.default_rng(3).normal(size=(512, 512))
    q, density = radial_density(z, pixel)
    expected = 9.0 * pixel**2 / (2 * np.pi) ** 2
    assert np.average(density, weights=q) == pytest.approx(expected, rel=0.01)
    assert_allclose(density[55:].reshape(5, 40).mean(axis=1), expected, rtol=0.03)
    assert q[0] == pytest.approx(2 * np.pi / (512 * pixel))
    assert q[-1] == pytest.approx(np.pi / pixel, rel=0.01)


def test_the_radial_density_of_filtered_noise_is_its_gaussian():
    sigma, pixel = 3.0, 2.0
    z = filtered_noise(512, sigma)
    q, density = radial_density(z, pixel)
    variance, width = np.var(z), sigma * pixel
    theory = variance * width**2 / np.pi * np.exp(-((q * width) ** 2))
    low = (q > 4 * q[0]) & (q * width < 1.5)
    assert_allclose(np.log(density[low] / theory[low]).mean(), 0, atol=0.05)
    assert_allclose(density[low] / theory[low], 1, atol=0.5)


def test_the_radial_density_equals_surface_topography():
    Topography = pytest.importorskip("SurfaceTopography").Topography
    z = filtered_noise(512, 2.0, seed=4)
    z = z - z.mean()
    other = Topography(z, (1024.0, 1024.0), unit="nm")
    edges = np.array([0.1, 0.2, 0.4, 0.6])
    _, theirs = other.power_spectrum_from_area(window="hann", collocation=edges)
    q, density = radial_density(z, 2.0)
    for low, high, value in zip(edges, edges[1:], theirs, strict=False):
        inside = (q >= low) & (q < high)
        ours = np.average(density[inside], weights=q[inside])
        # Theirs carries (2 pi)^2, and its window is round.
        assert ours * (2 * np.pi) ** 2 == pytest.approx(value, rel=0.1)


def test_the_density_integrates_to_the_variance():
    z = sine(16, side=128, amplitude=2.0)
    q, density = radial_density(z, 0.5)
    integral = np.sum(density * 2 * np.pi * q) * (q[1] - q[0])
    assert integral == pytest.approx(2.0, rel=0.02)


def test_a_long_side_adds_waves_but_not_rings():
    z = np.random.default_rng(5).normal(size=(32, 128))
    assert len(Spectrum(z).rings) == len(Spectrum(z.T).rings) == 15
