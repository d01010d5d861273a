import numpy as np
import pytest
from scipy.stats import binom, binomtest

from tmdfeat.study.intervals import rate_interval


@pytest.mark.parametrize(("wrong", "n"), [(0, 7), (3, 20), (20, 20), (55, 300)])
def test_images_that_stand_alone_have_wilsons_interval(wrong, n):
    errors = np.arange(n) < wrong
    expected = binomtest(wrong, n).proportion_ci(method="wilson")
    assert rate_interval(errors, range(n)) == pytest.approx((expected.low, expected.high))


def test_groups_that_agree_count_as_one_image_each():
    errors, groups = np.repeat(np.arange(50) < 15, 6), np.repeat(np.arange(50), 6)
    found = rate_interval(errors, groups)
    exact = binom.ppf([0.025, 0.975], 50, 0.3) / 50  # what a bootstrap of 50 groups converges to
    assert found == pytest.approx(tuple(exact), abs=0.021)
    assert np.ptp(found) > 2 * np.ptp(rate_interval(errors, range(300)))


def test_no_error_in_five_groups_is_no_error_in_five_images():
    expected = binomtest(0, 5).proportion_ci(method="wilson")
    found = rate_interval(np.zeros(40), np.repeat(np.arange(5), 8))
    assert found == pytest.approx((expected.low, expected.high))


def test_one_group_knows_next_to_nothing():
    low, high = rate_interval([0, 1, 0, 1], [7, 7, 7, 7])
    assert high - low > 0.85
