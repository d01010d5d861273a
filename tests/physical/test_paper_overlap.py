"""Overlaps against closed forms."""

import numpy as np
import pytest

from tmdfeat.physical.paper_overlap import count_apart

# Two equal disks or balls of radius 1 share half of each at these distances: the first solves
# 2 arccos(x / 2) - x sqrt(1 - x^2 / 4) = pi / 2, the second x^3 - 12 x + 8 = 0.
HALF_DISKS = 0.8079455065990344
HALF_BALLS = 4 * np.sin(np.pi / 18)


@pytest.mark.parametrize(("ndim", "half"), [(2, HALF_DISKS), (3, HALF_BALLS)])
@pytest.mark.parametrize("sigma", [5.0, 20.48])
def test_equal_blobs_part_where_they_share_half(ndim, half, sigma):
    centres = np.zeros((2, ndim))
    centres[1, 0] = half * sigma * np.sqrt(ndim)
    assert count_apart(centres * (1 - 1e-9), np.full(2, sigma)) == 1
    assert count_apart(centres * (1 + 1e-9), np.full(2, sigma)) == 2


@pytest.mark.parametrize("ndim", [2, 3])
def test_a_blob_inside_a_larger_one_is_dropped(ndim):
    centres = np.zeros((2, ndim))
    centres[1, 1] = 3.0
    assert count_apart(centres, np.array([5.0, 12.8])) == 1


def test_in_a_chain_the_order_of_a_set_decides():
    """A large, a middle and a small blob in a row: the middle one may drop the small one first."""
    centres = np.array([[0.0, 0.0], [0.0, 11.0], [0.0, 19.0]])
    first = next(pair for pair in {(0, 1), (1, 2), (0, 2)} if 1 in pair)
    assert count_apart(centres, np.array([12.8, 8.0, 5.0])) == (2 if first == (0, 1) else 1)
    assert count_apart(centres[:2], np.array([12.8, 8.0])) == 1
    assert count_apart(centres[1:], np.array([8.0, 5.0])) == 1
    assert count_apart(centres[::2], np.array([12.8, 5.0])) == 2


@pytest.mark.parametrize("ndim", [2, 3])
def test_a_single_blob_stays(ndim):
    assert count_apart(np.zeros((1, ndim)), np.array([5.0])) == 1
