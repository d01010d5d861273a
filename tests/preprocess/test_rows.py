import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.preprocess import (
    align_rows_median,
    align_rows_median_diff,
    align_rows_polynomial,
)

ALIGN = {
    "median": align_rows_median,
    "median_diff": align_rows_median_diff,
    "polynomial": lambda z, mask=None: align_rows_polynomial(z, 2, mask),
}
each_alignment = pytest.mark.parametrize("align", ALIGN.values(), ids=ALIGN)


def offsets(n=32, seed=0):
    """Whole quarters: adding and subtracting them is exact."""
    return np.random.default_rng(seed).integers(-4000, 4000, (n, 1)) / 4


def centred_rows(shape=(32, 41), seed=1):
    """Whole numbers, each row with as many above 0 as below: every median is 0."""
    rng = np.random.default_rng(seed)
    half = rng.integers(1, 50, (shape[0], shape[1] // 2)).astype(float)
    rows = np.hstack([half, -half, np.zeros((shape[0], 1))])
    return rng.permuted(rows, axis=1)


def slanted_step(shape=(64, 64), height=30.0):
    """A step whose edge runs along the diagonal: it enters each row by one more pixel."""
    row, column = np.mgrid[: shape[0], : shape[1]]
    return height * (column < row)


def test_median_takes_row_offsets_out_exactly():
    z = centred_rows()
    assert_array_equal(align_rows_median(z + offsets()), z)


def test_median_diff_takes_row_offsets_out_exactly_and_keeps_a_large_step():
    z, added = slanted_step(), offsets(64)
    assert_array_equal(align_rows_median_diff(z + added), z + added[0])


def test_median_does_not_keep_a_large_step():
    z = slanted_step()
    # Rows of which more than half lie on the step go down by its height.
    assert_array_equal(align_rows_median(z)[48], z[48] - 30.0)


def test_median_diff_takes_out_a_tilt_along_the_slow_axis():
    z = np.arange(20.0)[:, None] * 3 + np.zeros((20, 7))
    assert_array_equal(align_rows_median_diff(z), np.zeros((20, 7)))


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_polynomial_removes_each_rows_own_polynomial(degree):
    x = np.arange(50) / 50
    coefficients = np.random.default_rng(0).normal(size=(40, degree + 1))
    z = coefficients @ x ** np.arange(degree + 1)[:, None] + 1e6
    assert_allclose(align_rows_polynomial(z, degree), 0, atol=1e-9)


def test_polynomial_agrees_with_polyfit():
    z, x = np.random.default_rng(0).normal(size=(6, 30)), np.arange(30)
    expected = [row - np.polyval(np.polyfit(x, row, 2), x) for row in z]
    assert_allclose(align_rows_polynomial(z, 2), expected, atol=1e-12)


def test_a_narrow_mask_still_fixes_the_polynomial_along_the_whole_row():
    x, mask = np.arange(400) / 400, np.zeros((5, 400), bool)
    mask[:, 380:] = True
    z = np.arange(1.0, 6.0)[:, None] * (1 - 3 * x + 5 * x**2)
    assert_allclose(align_rows_polynomial(z, 2, mask), 0, atol=1e-10)


def test_a_mask_prevents_the_streaks_beside_tall_objects():
    object_ = np.zeros((20, 60))
    object_[8:12, 20:50] = 40.0
    z = object_ + offsets(20)
    for align in (align_rows_median, ALIGN["polynomial"]):
        assert_allclose(align(z, object_ == 0), object_, atol=1e-9)
        assert not np.allclose(align(z), object_, atol=1.0)
    aligned = align_rows_median_diff(z, object_ == 0)
    assert_allclose(aligned - z[0, 0], object_, atol=1e-9)


@each_alignment
def test_missing_pixels_are_ignored_and_stay_missing(align):
    z = np.tile(np.arange(31.0) ** 2, (12, 1)) + offsets(12)
    z[3, 5:9], z[7, ::2] = np.nan, np.nan
    aligned = align(z)
    assert_array_equal(np.isnan(aligned), np.isnan(z))
    both = ~np.isnan(z[3]) & ~np.isnan(z[7])
    if align is not align_rows_median:  # the median of other pixels is another median
        assert_allclose((aligned[7] - aligned[3])[both], 0, atol=1e-9)


def test_missing_pixels_do_not_move_the_median():
    z = centred_rows()
    holed = np.where(z == 0, np.nan, z)
    assert_array_equal(align_rows_median(holed + offsets()), holed)


@each_alignment
def test_rows_without_any_pixel_are_skipped(align):
    z = centred_rows((6, 31)) + offsets(6)
    holed = z.copy()
    holed[2:4] = np.nan
    aligned = align(holed)
    assert np.isnan(aligned[2:4]).all()
    assert_allclose(aligned[[0, 1, 4, 5]], align(z[[0, 1, 4, 5]]), atol=1e-12)


def test_rows_that_share_no_column_cannot_be_compared():
    with pytest.raises(ValueError, match="rows 0 and 2 have no valid pixel in the same column"):
        align_rows_median_diff([[1.0, np.nan], [np.nan, np.nan], [np.nan, 1.0]])


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (2, 2), (1, 2)])
@each_alignment
def test_tiny_maps_are_aligned(align, shape):
    aligned = align(np.zeros(shape) + np.arange(shape[0])[:, None])
    assert aligned.shape == shape
    assert_allclose(aligned, 0, atol=1e-12)


@each_alignment
def test_a_flat_map_stays_flat(align):
    assert np.ptp(align(np.full((6, 9), 7.0))) < 1e-12


@each_alignment
def test_a_mask_that_empties_a_row_is_refused(align):
    mask = np.ones((6, 31), bool)
    mask[4] = False
    with pytest.raises(ValueError, match="leaves row 4 fewer"):
        align(centred_rows((6, 31)), mask)


@each_alignment
def test_integers_and_float32_agree_and_the_input_stays(align):
    z = np.random.default_rng(0).integers(0, 200, (9, 8))
    z.flags.writeable = False
    expected = align(z.astype(float))
    for dtype in (np.uint8, np.int64, np.float32):
        assert_array_equal(align(z.astype(dtype)), expected)


def test_a_negative_degree_is_refused():
    with pytest.raises(ValueError, match="degree must be an integer of at least 0, got -1"):
        align_rows_polynomial(np.zeros((3, 3)), -1)
