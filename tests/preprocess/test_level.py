import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.preprocess import level_plane, level_polynomial


def grid(shape):
    return np.mgrid[: shape[0], : shape[1]].astype(float)


def polynomial(shape, degree, seed=0):
    """A polynomial of that total degree that spans about 1 over the map."""
    rng = np.random.default_rng(seed)
    y, x = grid(shape) / max(shape)
    terms = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return sum(rng.normal() * y**i * x**j for i, j in terms)


def rough(shape=(40, 50), seed=1):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("shape", [(64, 48), (512, 16), (1, 30), (30, 1), (2, 2), (3, 200)])
def test_a_polynomial_of_the_degree_is_removed(shape, degree):
    z = polynomial(shape, degree)
    assert_allclose(level_polynomial(z, degree), 0, atol=1e-9 * np.abs(z).max())


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_neither_a_small_scale_nor_a_large_offset_costs_precision(scale, offset):
    z = (polynomial((128, 96), 2) + offset) * scale
    assert_allclose(level_polynomial(z, 2), 0, atol=1e-9 * scale)


def test_a_degree_too_low_leaves_what_it_cannot_see():
    y, x = grid((21, 21)) - 10
    assert_allclose(level_plane(x * y), x * y, atol=1e-10)  # odd in both axes: no plane in it


def test_the_rest_is_orthogonal_to_every_term():
    z, (y, x) = level_polynomial(rough(), 2), grid((40, 50)) / 50
    for term in (np.ones_like(x), x, y, x * x, x * y, y * y):
        assert np.sum(z * term) == pytest.approx(0, abs=1e-9)


def test_it_agrees_with_least_squares_on_plain_powers():
    z, (y, x) = rough(), grid((40, 50))
    terms = np.stack([t.ravel() for t in (np.ones_like(x), x, y, x * x, x * y, y * y)], axis=1)
    fit = terms @ np.linalg.lstsq(terms, z.ravel(), rcond=None)[0]
    assert_allclose(level_polynomial(z, 2).ravel(), z.ravel() - fit, atol=1e-10)


def test_tilt_before_levelling_does_not_matter():
    z, (y, x) = rough(), grid((40, 50))
    assert_allclose(level_plane(z + 5e4 + 3 * y - 70 * x), level_plane(z), atol=1e-9)


def test_missing_pixels_take_no_part_and_stay_missing():
    z = polynomial((40, 50), 2)
    z[5:15, 8:30] = np.nan
    levelled = level_polynomial(z, 2)
    assert_array_equal(np.isnan(levelled), np.isnan(z))
    assert_allclose(levelled[~np.isnan(z)], 0, atol=1e-12)


def test_missing_pixels_that_leave_one_row_are_no_problem():
    z = np.full((5, 9), np.nan)
    z[2] = 3.0 + np.arange(9)
    assert_allclose(level_polynomial(z, 2)[2], 0, atol=1e-12)


def test_a_masked_island_does_not_tilt_the_plane():
    y, x = grid((40, 50))
    island = (y < 12) & (x > 30)
    levelled = level_plane(3 * y - 2 * x + 100 * island, mask=~island)
    assert_allclose(levelled, 100 * island, atol=1e-10)


def test_a_small_mask_still_fixes_the_fit_everywhere():
    mask = np.zeros((200, 200), bool)
    mask[3:9, 190:199] = True
    z = polynomial((200, 200), 2)
    assert_allclose(level_polynomial(z, 2, mask), 0, atol=1e-9)


@pytest.mark.parametrize("pixels", [0, 1, 50])
def test_a_mask_that_cannot_fix_the_fit_is_refused(pixels):
    mask = np.zeros((40, 50), bool)
    mask[0, :pixels] = True  # one row says nothing about the slope along the columns
    with pytest.raises(ValueError, match=f"leaves {pixels} valid pixels"):
        level_plane(rough(), mask)


@pytest.mark.parametrize("mask", [np.ones((3, 3), bool), np.ones((40, 50), int)])
def test_a_mask_of_the_wrong_kind_is_refused(mask):
    with pytest.raises(ValueError, match=r"boolean array of shape \(40, 50\)"):
        level_plane(rough(), mask)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32])
def test_other_numbers_give_the_same_float64(dtype):
    z = np.random.default_rng(0).integers(0, 200, (9, 8))
    levelled = level_plane(z.astype(dtype))
    assert levelled.dtype == np.float64
    assert_array_equal(levelled, level_plane(z.astype(float)))


def test_the_input_is_not_modified_even_if_it_is_read_only():
    z = rough()
    before = z.copy()
    z.flags.writeable = False
    level_polynomial(z, 2)
    assert_array_equal(z, before)


def test_masked_arrays_lose_their_masked_pixels():
    z = np.ma.masked_greater(np.where(np.eye(6) > 0, 1e9, polynomial((6, 6), 1)), 1e8)
    levelled = level_plane(z)
    assert_array_equal(np.isnan(levelled), np.eye(6) > 0)
    assert_allclose(levelled[~np.isnan(levelled)], 0, atol=1e-12)


@pytest.mark.parametrize("degree", [-1, 1.0, True, "1", None])
def test_a_degree_that_is_none_is_refused(degree):
    with pytest.raises(ValueError, match="degree must be an integer"):
        level_polynomial(rough(), degree)


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (np.zeros((2, 3, 4)), r"one map.*\(2, 3, 4\)"),
        (np.zeros(5), r"one map.*\(5,\)"),
        (np.zeros((0, 4)), r"one map.*\(0, 4\)"),
        (np.full((3, 3), np.nan), "all 9 are NaN"),
        (np.array([[1.0, np.inf]]), "1 infinite"),
    ],
)
def test_what_is_no_map_is_refused(z, message):
    with pytest.raises(ValueError, match=message):
        level_plane(z)
