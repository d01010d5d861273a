import numpy as np
import pytest
from numpy.testing import assert_array_equal
from skimage.feature.blob import _blob_overlap

from tmdfeat.physical.blobs_prune import _shared, strongest_apart


@pytest.mark.parametrize("seed", range(20))
def test_the_shared_area_equals_skimage(seed):
    rng = np.random.default_rng(seed)
    small, large = np.sort(rng.uniform(1, 5, 2))
    place = rng.uniform(0, 5, 2)
    # Sigmas there, radii sqrt(2) sigma.
    expected = _blob_overlap(
        np.array([0, 0, large / np.sqrt(2)]), np.array([*place, small / np.sqrt(2)])
    )
    distance = np.hypot(*place)
    shared = _shared(distance, small, large) if distance < small + large else 0.0
    assert shared == pytest.approx(expected)


def test_the_shared_area_is_the_share_of_pixels():
    y, x = np.mgrid[-400:401, -400:401] / 100
    one, other = np.hypot(y, x - 0.5) < 1.0, np.hypot(y, x + 0.5) < 1.5
    assert _shared(1.0, 1.0, 1.5) == pytest.approx((one & other).sum() / one.sum(), rel=2e-3)


def test_the_stronger_stays_whatever_its_size():
    assert_array_equal(strongest_apart([[0, 0], [0, 1]], [1, 5]), [0])
    assert_array_equal(strongest_apart([[0, 0], [0, 1]], [5, 1]), [0])


def test_what_has_been_dropped_drops_nothing():
    # Each overlaps its neighbour by more than half, the first and the last do not.
    assert_array_equal(strongest_apart([[0, 0], [0, 1], [0, 2.5]], [2, 2, 2]), [0, 2])


def test_nothing_to_choose_from():
    assert strongest_apart(np.zeros((0, 2)), []).shape == (0,)
