import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import gaussian_filter
from skimage.feature import peak_local_max

from tmdfeat.physical.scale_space import dog_scale_space, gaussian_scale_space, local_maxima

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
