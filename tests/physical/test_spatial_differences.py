import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.spatial_surfaces import self_affine
from scipy.special import j0

from tmdfeat.physical.spatial_differences import difference_slope, height_differences


@pytest.mark.parametrize("shape", [(16, 16), (17, 31), (40, 23)])
def test_differences_equal_counting_all_pairs(shape):
    z = np.random.default_rng(0).gamma(2.0, size=shape) + 10
    field = height_differences(z)
    rows, columns = field.shape[0] - 1, field.shape[1] // 2
    height, width = shape
    for row in (0, 1, rows):
        for column in (-columns, -1, 0, 2, columns):
            first = z[: height - row, max(0, -column) : width - max(0, column)]
            second = z[row:, max(0, column) : width - max(0, -column)]
            counted = np.mean((first - second) ** 2)
            assert field[row, columns + column] == pytest.approx(counted, abs=1e-12)


def test_differences_along_columns_equal_surface_topography():
    Topography = pytest.importorskip("SurfaceTopography").Topography
    z = np.random.default_rng(1).normal(size=(30, 40)).cumsum(axis=1)
    other = Topography(z.T, (40 * 2.0, 30 * 2.0), unit="nm")  # its profiles run along axis 0
    _, half = other.autocorrelation_from_profile(resampling_method=None)
    along = height_differences(z, 2.0)[0]
    centre = len(along) // 2
    assert_allclose(along[centre:], 2 * half[: centre + 1], atol=1e-9)


def test_a_plane_has_slope_two():
    y, x = np.mgrid[:128, :96]
    assert difference_slope(0.3 * x - 2.0 * y) == pytest.approx(2, abs=1e-3)


def test_a_sum_of_two_random_walks_has_slope_one():
    rng = np.random.default_rng(2)
    slopes = []
    for _ in range(20):
        walk = rng.choice([-1.0, 1.0], size=(2, 512)).cumsum(axis=1)
        slopes.append(difference_slope(walk[0] + walk[1][:, None]))
    assert np.mean(slopes) == pytest.approx(1, abs=0.05)


def test_noise_has_slope_zero():
    z = np.random.default_rng(3).normal(size=(256, 256))
    assert difference_slope(z) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("hurst", [0.3, 0.5, 0.8])
def test_a_self_affine_surface_has_the_slope_of_its_spectrum(hurst):
    side = 256
    slopes = [difference_slope(self_affine(side, hurst, seed)) for seed in range(8)]

    def theory(r):
        # Isotropic waves between the side and two pixels, density q^-(2 + 2H).
        q = np.geomspace(2 * np.pi / side, np.pi, 20001)
        return np.trapezoid(q ** (-2 * hurst) * (1 - j0(q * r)), np.log(q))

    r = np.geomspace(2, side / 8, 9)
    expected = np.polyfit(np.log(r), np.log([theory(one) for one in r]), 1)[0]
    assert np.mean(slopes) == pytest.approx(expected, abs=0.1)
    assert np.mean(slopes) == pytest.approx(2 * hurst, abs=0.3)


def test_oblong_pixels_are_measured_in_their_unit():
    rng = np.random.default_rng(4)
    z = rng.choice([-1.0, 1.0], size=(256, 512)).cumsum(axis=1)[:1] + np.zeros((256, 1))
    assert difference_slope(z, (2.0, 1.0)) == pytest.approx(difference_slope(z, (4.0, 2.0)))


@pytest.mark.parametrize("side", [8, 16, 31])
def test_too_small_maps_have_no_slope(side):
    assert np.isnan(difference_slope(np.random.default_rng(5).normal(size=(side, side))))
