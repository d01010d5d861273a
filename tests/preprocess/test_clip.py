import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat.preprocess import clip_percentiles


def test_clips_at_interpolated_order_statistics():
    # 0 ... 1000: the p-th percentile is 10 p.
    z = np.random.default_rng(0).permutation(1001.0 * np.arange(1001) / 1001).reshape(7, 143)
    assert_array_equal(clip_percentiles(z, 0.5, 99.5), np.clip(z, 5.0, 995.0))


def test_between_the_ends_nothing_is_clipped():
    z = np.random.default_rng(0).normal(size=(5, 6))
    assert_array_equal(clip_percentiles(z, 0, 100), z)


def test_missing_pixels_do_not_count_and_stay():
    z = np.arange(101.0).reshape(1, -1)
    holed = np.hstack([z, np.full((1, 40), np.nan)])
    clipped = clip_percentiles(holed, 10, 90)
    assert_array_equal(clipped[:, :101], np.clip(z, 10.0, 90.0))
    assert np.isnan(clipped[:, 101:]).all()


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (1, 1)])
def test_flat_and_tiny_maps_stay(shape):
    assert_array_equal(clip_percentiles(np.full(shape, 3)), np.full(shape, 3.0))


def test_the_input_is_not_modified():
    z = np.arange(100.0).reshape(10, 10)
    clip_percentiles(z, 20, 80)
    assert_array_equal(z, np.arange(100.0).reshape(10, 10))


@pytest.mark.parametrize(("low", "high"), [(-1, 50), (50, 50), (60, 40), (0, 101), (np.nan, 9)])
def test_percentiles_out_of_order_are_refused(low, high):
    with pytest.raises(ValueError, match="0 <= low < high <= 100"):
        clip_percentiles(np.zeros((2, 2)), low, high)
