import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.spatial_surfaces import filtered_noise, oblique_sine
from physical.surfaces import egg_crate, sine

from tmdfeat.physical.spatial_acf import (
    Autocorrelation,
    autocorrelation_length,
    correlation_length,
    texture_aspect,
)


def by_counting(z, rows, columns):
    """Mean product of all pairs of pixels at one lag, over the mean square."""
    z = z - z.mean()
    height, width = z.shape
    first = z[: height - rows, max(0, -columns) : width - max(0, columns)]
    second = z[rows:, max(0, columns) : width - max(0, -columns)]
    return np.mean(first * second) / np.mean(z**2)


@pytest.mark.parametrize("shape", [(16, 16), (17, 31), (40, 23)])
def test_the_autocorrelation_equals_counting_all_pairs(shape):
    z = np.random.default_rng(0).gamma(2.0, size=shape)
    a = Autocorrelation(z)
    rows, columns = a.lags
    counted = [
        [by_counting(z, row, column) for column in range(-columns, columns + 1)]
        for row in range(rows + 1)
    ]
    assert_allclose(a.values, counted, atol=1e-12)


@pytest.mark.parametrize(("samples", "pixel"), [(32, 1.0), (64, 1.0), (64, 0.25)])
def test_a_sine_has_the_length_of_its_cosine_and_no_other(samples, pixel):
    z = sine(samples, side=512)
    theory = samples * pixel * np.arccos(0.2) / (2 * np.pi)  # 0.21795 wavelengths
    assert autocorrelation_length(z, pixel) == pytest.approx(theory, rel=0.03)
    assert texture_aspect(z, pixel) == 0


def test_an_oblique_sine_is_found_as_well():
    z = oblique_sine(32, angle=0.4, side=512)
    assert autocorrelation_length(z) == pytest.approx(0.21795 * 32, rel=0.03)
    assert texture_aspect(z) == 0


def test_an_egg_crate_has_the_aspect_of_its_autocorrelation():
    # (cos a + cos b) / 2 falls to 0.2 along the axes at cos a = -0.6, and along the diagonals at
    # cos(d / sqrt(2)) = 0.2, which is nearer.
    axis, diagonal = np.arccos(-0.6), np.arccos(0.2) * np.sqrt(2)
    z = egg_crate(64, side=1024)
    assert autocorrelation_length(z) == pytest.approx(diagonal * 64 / (2 * np.pi), rel=0.03)
    assert texture_aspect(z) == pytest.approx(diagonal / axis, rel=0.03)


@pytest.mark.parametrize("pixel", [1.0, 2.5])
def test_filtered_noise_has_the_lengths_of_its_gaussian(pixel):
    sigma = 4.0
    z = filtered_noise(1024, sigma)  # autocorrelation exp(-r^2 / (4 sigma^2))
    theory = 2 * sigma * pixel
    assert autocorrelation_length(z, pixel) == pytest.approx(theory * np.sqrt(np.log(5)), rel=0.04)
    assert correlation_length(z, pixel) == pytest.approx(theory, rel=0.04)
    assert texture_aspect(z, pixel) == pytest.approx(1, abs=0.08)


def test_stretched_noise_has_the_aspect_of_its_sigmas():
    z = filtered_noise(1024, (3.0, 9.0))
    assert autocorrelation_length(z) == pytest.approx(6 * np.sqrt(np.log(5)), rel=0.04)
    assert texture_aspect(z) == pytest.approx(1 / 3, rel=0.1)


def test_oblong_pixels_are_measured_in_their_unit():
    z = filtered_noise(1024, (2.0, 8.0))
    assert texture_aspect(z, (4.0, 1.0)) == pytest.approx(1, abs=0.08)
    assert autocorrelation_length(z, (4.0, 1.0)) == pytest.approx(16 * np.sqrt(np.log(5)), rel=0.06)


def test_white_noise_decays_within_a_pixel():
    z = np.random.default_rng(1).normal(size=(256, 256))
    # Between the pixels the autocorrelation is interpolated: 1 - r along the axes.
    assert autocorrelation_length(z) <= 0.8 * 1.05
    assert correlation_length(z) < 1


@pytest.mark.parametrize("seed", [0, 1])
def test_length_and_aspect_are_near_surfalize(seed):
    Surface = pytest.importorskip("surfalize").Surface
    z = filtered_noise(256, (3.0, 5.0), seed)
    other = Surface(z, 1.0, 1.0)
    # It interpolates by splines, so it lies below chords by a fraction of a pixel.
    assert autocorrelation_length(z) == pytest.approx(other.Sal(), rel=0.02)
    assert texture_aspect(z) == pytest.approx(other.Str(), rel=0.05)


def test_a_map_that_is_one_slope_has_no_length_within_reach():
    # The autocorrelation of half a period of a long wave, along the wave, falls at last; across it
    # never does.
    z = np.tile(np.linspace(-1, 1, 64) ** 3, (64, 1))
    assert texture_aspect(z) == 0
    step = np.zeros((64, 64))
    step[:, :32] = 1
    assert texture_aspect(step) == 0
    assert 0 < autocorrelation_length(step) < 32
