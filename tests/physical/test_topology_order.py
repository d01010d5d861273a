import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_array_equal

from tmdfeat.physical.topology_order import descending

floats = hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_nan=False))


@settings(deadline=None, max_examples=50)
@given(floats)
def test_values_come_from_the_highest_to_the_lowest(values):
    assert_array_equal(values[descending(values)], np.sort(values)[::-1])


@pytest.mark.parametrize("levels", [1, 3, 1000])
def test_equal_values_stay_in_their_order(levels):
    values = np.random.default_rng(0).integers(1, levels + 1, 5000) * np.pi
    assert_array_equal(descending(values), np.argsort(-values, kind="stable"))
