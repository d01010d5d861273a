import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat.preprocess import crop_centre

Z = np.arange(30.0).reshape(5, 6)


def test_the_centre_stays():
    assert_array_equal(crop_centre(Z, (3, 2)), Z[1:4, 2:4])


def test_one_number_is_a_square():
    assert_array_equal(crop_centre(Z, 3), Z[1:4, 1:4])


def test_an_odd_rest_is_cut_at_the_end():
    assert_array_equal(crop_centre(Z, (4, 5)), Z[:4, :5])


def test_the_whole_map_is_copied():
    whole = crop_centre(Z, (5, 6))
    assert_array_equal(whole, Z)
    assert not np.shares_memory(whole, Z)


def test_missing_pixels_may_be_cropped_away_or_kept():
    z = Z.copy()
    z[0, 0] = z[2, 2] = np.nan
    assert_array_equal(crop_centre(z, 3), z[1:4, 1:4])


@pytest.mark.parametrize("shape", [(6, 2), (2, 7), 6])
def test_a_crop_larger_than_the_map_is_refused(shape):
    with pytest.raises(ValueError, match="the map has 5 x 6, too few"):
        crop_centre(Z, shape)


@pytest.mark.parametrize("shape", [0, -1, 2.0, (1, 0)])
def test_a_crop_that_is_none_is_refused(shape):
    with pytest.raises(ValueError, match="must be an integer of at least 1"):
        crop_centre(Z, shape)
