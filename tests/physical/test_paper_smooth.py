"""The paper family's Gaussian against SciPy's, bit for bit."""

import platform

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import gaussian_filter

from tmdfeat.physical.paper_smooth import smooth

SCIPY = {"symmetric": "reflect", "edge": "nearest", "zero": "constant"}


@pytest.mark.parametrize("border", SCIPY)
@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("shape", [(64, 80), (33, 7), (2, 3), (1, 9), (9, 1), (1, 1)])
def test_equals_scipy(shape, sigma, border):
    z = np.random.default_rng(0).normal(size=shape)
    found, expected = smooth(z, sigma, border), gaussian_filter(z, sigma, mode=SCIPY[border])
    assert_allclose(found, expected, rtol=0, atol=1e-14)
    if platform.machine() == "x86_64":  # elsewhere SciPy may be built with fused products
        assert_array_equal(found, expected)


@pytest.mark.parametrize("border", ["symmetric", "edge"])
def test_plateaus_stay_exactly_level(border):
    z = np.full((61, 83), 0.3)
    z[:, :20] = 0.7
    assert len(np.unique(smooth(z, 1.0, border)[:, 24:])) == 1


def test_arrays_of_any_layout_are_taken():
    z = np.random.default_rng(1).normal(size=(40, 30))
    assert_array_equal(smooth(z.T, 1.0, "edge"), smooth(np.ascontiguousarray(z.T), 1.0, "edge"))
