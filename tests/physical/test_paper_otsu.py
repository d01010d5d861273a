"""The fast Otsu threshold against scikit-image's."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from skimage.filters import threshold_otsu

from tmdfeat.physical.paper_otsu import BINS, _count, otsu


@pytest.mark.parametrize("seed", range(20))
def test_equals_scikit_image(seed):
    rng = np.random.default_rng(seed)
    image = rng.normal(rng.integers(0, 3, size=(40, 50)) * 60.0, rng.uniform(0.1, 30))
    assert otsu(image) == threshold_otsu(image)


def test_values_on_the_edges_of_bins_are_counted_as_numpy_does():
    edges = np.linspace(-0.3, 255.1, BINS + 1)
    values = np.concatenate([edges, np.nextafter(edges[1:], -1), np.nextafter(edges[:-1], 300)])
    found = _count(values, edges, BINS / (edges[-1] - edges[0]))
    assert_array_equal(found, np.histogram(values, BINS)[0])


def test_an_image_of_one_value_has_that_threshold():
    assert otsu(np.full((4, 5), 0.1)) == 0.1
