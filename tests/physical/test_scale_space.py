import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import gaussian_filter, gaussian_laplace
from skimage.feature import peak_local_max

from tmdfeat.physical.scale_space import (
    dog_scale_space,
    gaussian_scale_space,
    local_maxima,
    log_scale_space,
)

SHAPES = [(31, 64), (1, 40), (3, 3), (1, 1), (60, 60)]
SIGMAS = [0.0, 0.3, 1.0, 2.5, 30.0]


def noise(shape=(40, 50), seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("truncate", [4.0, 2.0])
def test_each_scale_equals_scipy(shape, truncate):
    z = noise(shape)
    space = gaussian_scale_space(z, SIGMAS, truncate)
    expected = [gaussian_filter(z, s, mode="reflect", truncate=truncate) for s in SIGMAS]
    assert_allclose(space, expected, atol=1e-13)


def test_single_precision_is_good_to_a_millionth_of_the_largest_height():
    z = noise() + 100
    space = gaussian_scale_space(z, SIGMAS, dtype=np.float32)
    assert space.dtype == np.float32
    assert_allclose(space, [gaussian_filter(z, s) for s in SIGMAS], rtol=1e-6)


def test_rows_and_columns_may_have_their_own_sigma():
    z, pairs = noise(), [(1.0, 3.0), (0.0, 2.0)]
    assert_allclose(gaussian_scale_space(z, pairs), [gaussian_filter(z, p) for p in pairs])
    assert_allclose(dog_scale_space(z, pairs)[0], np.subtract(*gaussian_scale_space(z, pairs)))


def test_differences_are_fine_minus_coarse():
    z = noise()
    smooth = [gaussian_filter(z, s) for s in SIGMAS]
    assert_allclose(dog_scale_space(z, SIGMAS), -np.diff(smooth, axis=0), atol=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("truncate", [4.0, 2.0])
def test_laplacians_equal_scipy(shape, truncate):
    z, sigmas = noise(shape), SIGMAS[1:]
    expected = [-(s**2) * gaussian_laplace(z, s, mode="reflect", truncate=truncate) for s in sigmas]
    assert_allclose(log_scale_space(z, sigmas, truncate), expected, atol=1e-12)


def test_laplacians_take_rows_and_columns_in_their_own_sigma():
    z, (down, right) = noise(), (1.5, 3.0)
    bent = [gaussian_filter(z, (down, right), order=order) for order in [(2, 0), (0, 2)]]
    expected = -(down**2) * bent[0] - right**2 * bent[1]
    assert_allclose(log_scale_space(z, [(down, right)])[0], expected, atol=1e-12)


def test_a_gaussian_bump_answers_its_laplacian_with_half_its_height_at_its_own_sigma():
    y, x = np.mgrid[-64:65, -64:65]
    sigma = 6.0
    scales = sigma * np.array([0.5, 0.8, 1.0, 1.25, 2.0])
    answer = log_scale_space(3.0 * np.exp(-(x**2 + y**2) / (2 * sigma**2)), scales)[:, 64, 64]
    expected = 3.0 * 2 * scales**2 * sigma**2 / (sigma**2 + scales**2) ** 2
    assert_allclose(answer, expected, rtol=2e-3)
    assert expected.max() == 1.5


def test_whole_numbers_are_smoothed_as_real_ones():
    z = np.arange(12).reshape(3, 4)
    assert_allclose(gaussian_scale_space(z, [1.0])[0], gaussian_filter(z.astype(float), 1.0))


@pytest.mark.parametrize("threshold", [0.0, 1.0, 9.0])
def test_maxima_equal_skimage(threshold):
    space = np.round(noise((4, 20, 30)), 1)  # with ties
    found = local_maxima(space, threshold)
    other = peak_local_max(
        space, threshold_abs=threshold, footprint=np.ones((3, 3, 3)), exclude_border=False
    )
    assert_array_equal(found, other[np.lexsort(other.T[::-1])])


def test_maxima_come_in_ascending_order():
    found = local_maxima(noise((3, 20, 30)), 0.0)
    assert_array_equal(found, found[np.lexsort(found.T[::-1])])


def test_maxima_of_nothing_are_an_empty_table():
    assert local_maxima(np.zeros((0, 4, 4)), 0.0).shape == (0, 3)
