import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from physical.surfaces import turned_and_flipped, whole_maps
from scipy import ndimage
from skimage.measure import euler_number, perimeter_crofton

from tmdfeat.physical.topology_curves import minkowski_curves


def field(sigma, side=256, seed=0):
    """A Gaussian random field of unit variance, periodic; filtered by a Gaussian of sigma px."""
    white = np.random.default_rng(seed).normal(size=(side, side))
    z = ndimage.gaussian_filter(white, sigma, mode="wrap")
    return (z - z.mean()) / z.std()


@pytest.mark.parametrize("shape", [(64, 64), (20, 90), (1, 30), (2, 2)])
def test_euler_number_equals_skimage_at_every_level(shape):
    z = np.round(np.random.default_rng(0).normal(size=shape), 1)
    levels = np.linspace(-2.5, 2.5, 41).round(1)
    _, _, euler = minkowski_curves(z, levels)
    assert_array_equal(euler, [euler_number(z >= t, connectivity=2) for t in levels])


def test_boundary_equals_skimage_for_two_directions():
    z = np.pad(np.random.default_rng(1).normal(size=(30, 40)), 1, constant_values=-9)
    levels = [-1.0, 0.0, 1.0]
    _, boundary, _ = minkowski_curves(z, levels)
    expected = [perimeter_crofton(z >= t, directions=2) for t in levels]
    assert_allclose(boundary * z.size, expected)


def test_area_is_the_share_of_pixels_at_or_above_the_level():
    area, _, _ = minkowski_curves([[1, 2], [2, 3]], [0, 1, 1.5, 2, 3, 4])
    assert_array_equal(area, [1, 1, 0.75, 0.75, 0.25, 0])


def test_gaussian_field_follows_its_theory():
    sigma, side = 3.0, 256
    z, levels = field(sigma, side), np.linspace(-2.5, 2.5, 41)
    _, boundary, euler = minkowski_curves(z, levels)
    slope = 1 / (2 * sigma**2)  # variance of the gradient's components
    chi = side**2 * slope / (2 * np.pi) ** 1.5 * levels * np.exp(-(levels**2) / 2)
    assert np.corrcoef(euler, chi)[0, 1] > 0.995
    length = np.sqrt(slope) / 2 * np.exp(-(levels**2) / 2)
    assert_allclose(boundary, length, atol=0.05 * length.max())


def test_a_disk_has_the_length_of_its_circle_averaged_over_directions():
    y, x = np.mgrid[-60:61, -60:61]
    _, boundary, euler = minkowski_curves(np.hypot(x, y) < 50, [1])
    assert boundary[0] * 121**2 == pytest.approx(2 * np.pi * 50, rel=0.01)
    assert euler[0] == 1


def test_boundary_counts_the_sides_of_non_square_pixels():
    z = np.zeros((6, 6))
    z[2:4, 2:5] = 1  # 2 pixels high, 3 wide
    _, boundary, _ = minkowski_curves(z, [1], pixel_size=(5.0, 7.0))
    assert boundary[0] == pytest.approx(np.pi / 4 * 2 * (2 * 5 + 3 * 7) / (36 * 35))


@settings(deadline=None, max_examples=20)
@given(whole_maps, st.integers(-1000, 1000))
def test_quarter_turns_and_flips_keep_the_curves(z, level):
    for same in turned_and_flipped(z):
        assert_allclose(minkowski_curves(same, [level]), minkowski_curves(z, [level]), rtol=1e-12)


def test_no_levels_give_empty_curves():
    assert [curve.shape for curve in minkowski_curves(np.eye(3), [])] == [(0,)] * 3


@pytest.mark.parametrize("levels", [[1.0, 0.0], [[0.0]], 0.0])
def test_levels_must_ascend(levels):
    with pytest.raises(ValueError, match="levels must be 1-D and ascending"):
        minkowski_curves(np.eye(3), levels)
