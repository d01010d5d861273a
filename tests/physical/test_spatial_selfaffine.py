import numpy as np
import pytest
from physical.spatial_surfaces import self_affine

from tmdfeat.physical.spatial_selfaffine import fractal_dimension, hurst_exponent, spectral_slope


@pytest.mark.parametrize("hurst", [0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("side", [128, 256, 512])
def test_a_self_affine_surface_has_the_slope_of_its_exponent(side, hurst):
    slopes = [spectral_slope(self_affine(side, hurst, seed)) for seed in range(3)]
    assert slopes == pytest.approx([-2 - 2 * hurst] * 3, abs=0.4)
    assert np.mean(slopes) == pytest.approx(-2 - 2 * hurst, abs=0.2)


def test_a_surface_of_surface_topography_has_the_exponent_asked_for():
    generation = pytest.importorskip("SurfaceTopography.Generation")
    np.random.seed(0)  # noqa: NPY002
    surface = generation.fourier_synthesis((256, 256), (256, 256), 0.8, rms_height=1.0)
    z = np.array(surface.heights())
    assert hurst_exponent(z, 1.0) == pytest.approx(0.8, abs=0.1)
    assert fractal_dimension(z, 1.0) == pytest.approx(2.2, abs=0.1)


@pytest.mark.parametrize("pixel", [1.0, 0.2, 5.0])
def test_the_pixel_size_does_not_change_the_slope(pixel):
    z = self_affine(64, 0.5)
    assert spectral_slope(z, pixel) == pytest.approx(spectral_slope(z))


def test_a_strip_has_the_slope_of_its_surface():
    z = self_affine(512, 0.6)[:128]
    assert spectral_slope(z) == pytest.approx(-3.2, abs=0.3)


@pytest.mark.parametrize("side", [8, 16, 31])
def test_too_small_maps_have_no_slope(side):
    z = np.random.default_rng(0).normal(size=(side, side))
    for function in (spectral_slope, hurst_exponent, fractal_dimension):
        assert np.isnan(function(z))
