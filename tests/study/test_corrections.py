import numpy as np
import pytest
from numpy.testing import assert_allclose

from tmdfeat.study.corrections import adjust

P = [0.01, 0.04, 0.03, 0.005]


def test_holm_multiplies_by_how_many_are_left_and_never_falls():
    assert_allclose(adjust(P, "holm"), [0.03, 0.06, 0.06, 0.02])
    assert_allclose(adjust([0.5, 0.9], "holm"), [1.0, 1.0])


def test_benjamini_hochberg_divides_by_the_rank():
    # sorted: 0.005 * 4 / 1, 0.01 * 4 / 2, 0.03 * 4 / 3, 0.04 * 4 / 4
    assert_allclose(adjust(P, "bh"), [0.02, 0.04, 0.04, 0.02])


@pytest.mark.parametrize("correction", ["holm", "bh"])
def test_tests_that_were_not_made_do_not_count(correction):
    assert_allclose(adjust([0.03, np.nan], correction), [0.03, np.nan])
    assert np.isnan(adjust([np.nan], correction)).all()
