"""Edges against scikit-image's Canny, on pictures full of ties too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_array_equal
from skimage import feature

from tmdfeat.physical.paper_edges import canny, paper_step_edges


def assert_equal_to_scikit_image(image):
    assert_array_equal(canny(image).astype(bool), feature.canny(image, sigma=0.3))


@pytest.mark.parametrize("levels", [2, 3, 5, 9, 200])
@pytest.mark.parametrize("shape", [(64, 51), (3, 40), (2, 2), (1, 6), (6, 1)])
def test_equals_scikit_image(shape, levels):
    image = np.random.default_rng(levels).integers(0, levels, size=shape) / (levels - 1)
    assert_equal_to_scikit_image(image)


@settings(max_examples=15, deadline=None)
@given(hnp.arrays(float, (7, 8), elements=st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0])))
def test_equals_scikit_image_on_tiny_pictures_of_few_levels(image):
    assert_equal_to_scikit_image(image)


@pytest.mark.parametrize("height", [0.02, 0.024, 0.026, 0.03, 0.049, 0.051])
def test_slopes_around_both_thresholds(height):
    """A step of height h has a Sobel slope of 4 h; the thresholds are 0.1 and 0.2."""
    image = np.zeros((20, 20))
    image[:, 10:] = height
    assert_equal_to_scikit_image(image)


def test_separate_islands_are_counted_one_by_one():
    z = np.zeros((60, 90))
    for column in (10, 40, 70):
        z[20:32, column : column + 12] = 1.0
    assert paper_step_edges(z) == 3


def test_a_flat_map_has_no_edges():
    assert paper_step_edges(np.full((9, 9), 3.0)) == 0
