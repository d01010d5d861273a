import numpy as np
import pytest

from tmdfeat.physical.height import rms_height
from tmdfeat.physical.paper import paper_rms_roughness
from tmdfeat.physical.slope import rms_slope

FUNCTIONS = [rms_height, rms_slope, paper_rms_roughness]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_missing_pixels_are_refused_with_their_number(function):
    z = np.zeros((4, 5))
    z[1, 2] = np.nan
    z[3, 3] = np.inf
    with pytest.raises(ValueError, match=r"2 NaN or infinite pixels of 20.*Fill"):
        function(z)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(5,), (2, 4, 4), (0, 4)])
def test_other_shapes_are_refused(function, shape):
    with pytest.raises(ValueError, match=r"2-D .*got shape"):
        function(np.zeros(shape))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_text_and_complex_numbers_are_refused(function):
    with pytest.raises(TypeError, match="real numbers"):
        function(np.array([["a", "b"], ["c", "d"]]))
    with pytest.raises(TypeError, match="complex"):
        function(np.zeros((2, 2), complex))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_array_is_not_written_to(function):
    z = np.random.default_rng(0).normal(size=(8, 8))
    before = z.copy()
    z.flags.writeable = False
    function(z)
    assert (z == before).all()


@pytest.mark.parametrize("pixel_size", [0, -1.0, np.nan, np.inf, (1.0, 0.0)])
def test_pixel_sizes_must_be_positive(pixel_size):
    with pytest.raises(ValueError, match="pixel_size must be positive"):
        rms_slope(np.zeros((4, 4)), pixel_size)
