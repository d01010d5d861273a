import numpy as np
import pytest
from scipy import ndimage
from skimage.morphology import h_maxima

from tmdfeat.physical.blobs_peaks import (
    five_point_height,
    peak_curvature,
    peak_density,
    pit_curvature,
    ten_point_height,
)


def egg_crate(samples=16, periods=4, amplitude=3.0):
    """Crests, pits and passes on pixels; crests away from the edge, pits on it."""
    phase = 2 * np.pi * np.arange(periods * samples + 1) / samples
    wave = -amplitude * np.cos(phase)
    return wave + wave[:, None]


@pytest.mark.parametrize("pixel", [1.0, (5.0, 2.0)])
def test_egg_crate_has_one_peak_per_square_of_its_wavelength(pixel):
    z = egg_crate()
    area = z.size * np.prod(np.broadcast_to(pixel, 2)) / 1e6
    assert peak_density(z, pixel) * area == pytest.approx(16)
    # Almost 1 / L^2: the last row and column are half a pixel too many.
    assert peak_density(z) / 1e6 == pytest.approx(1 / 16**2, rel=0.04)
    assert peak_density(-z, pixel, of="pits") == peak_density(z, pixel)


def test_noise_below_five_percent_of_the_height_makes_no_peaks():
    z = egg_crate()
    noise = np.random.default_rng(0).uniform(-1, 1, z.shape)
    assert peak_density(z + 0.02 * np.ptp(z) * noise) == peak_density(z)
    assert peak_density(z + 0.2 * np.ptp(z) * noise) > 2 * peak_density(z)


@pytest.mark.parametrize("seed", range(3))
def test_peaks_are_those_of_the_h_maxima_transform(seed):
    z = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(80, 90)), 1.5)
    z = np.round((z - z.min()) / np.ptp(z) * 10_000).astype(int)  # it rounds real numbers
    other = h_maxima(z, 500)
    count = ndimage.label(other, np.ones((3, 3)))[1]
    assert peak_density(z, 1000.0) * z.size == pytest.approx(count)


def test_egg_crate_curvature_is_the_true_one_times_the_stencil():
    samples, amplitude, pixel = 32, 3.0, 2.0
    z = egg_crate(samples, amplitude=amplitude)
    k, half = 2 * np.pi / (samples * pixel), np.pi / samples
    true = amplitude * k**2 * (np.sin(half) / half) ** 2
    assert peak_curvature(z, pixel) == pytest.approx(true)
    assert pit_curvature(-z, pixel) == pytest.approx(true)


def test_curvature_is_undefined_where_all_peaks_lie_on_the_edge():
    ramp = np.arange(20.0).reshape(4, 5)
    assert np.isnan(peak_curvature(ramp))
    assert np.isnan(pit_curvature(ramp))


def test_curvature_of_non_square_pixels():
    y, x = (np.mgrid[:11, :11] - 5) * np.array([2.0, 0.5])[:, None, None]
    z = -(y**2) / (2 * 40) - x**2 / (2 * 10)
    assert peak_curvature(z, (2.0, 0.5)) == pytest.approx((1 / 40 + 1 / 10) / 2)


def test_five_and_ten_points_are_means_of_the_highest():
    z = np.zeros((3, 15))
    z[1, 1::2] = [9, 8, 7, 6, 5, 4, 3]
    z[1, 2:13:4] = [-6, -5, -4]
    mean = z.mean()
    assert five_point_height(z) == pytest.approx((9 + 8 + 7 + 6 + 5) / 5 - mean)
    assert five_point_height(z, of="pits") == pytest.approx((6 + 5 + 4) / 3 + mean)
    assert ten_point_height(z) == pytest.approx(7 + 5)
