import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.surfaces import gaussian_surface, two_levels
from scipy import stats

from tmdfeat.physical.height_order import (
    PERCENTS,
    interquartile_range,
    median_absolute_deviation,
    median_height,
    percentile,
    robust_total_height,
)

Z = np.random.default_rng(2).gamma(2.0, size=(31, 44)) + 50


@pytest.mark.parametrize("percent", PERCENTS)
def test_percentiles_equal_numpy(percent):
    assert percentile(Z, percent) == pytest.approx(np.percentile(Z, percent) - np.median(Z))


def test_order_statistics_equal_scipy():
    assert interquartile_range(Z) == pytest.approx(stats.iqr(Z, axis=None))
    assert median_absolute_deviation(Z) == pytest.approx(stats.median_abs_deviation(Z, axis=None))
    assert median_height(Z) == pytest.approx(np.median(Z) - np.mean(Z))
    assert robust_total_height(Z) == pytest.approx(stats.iqr(Z, axis=None, rng=(0.5, 99.5)))


def test_gaussian_heights_have_gaussian_quantiles():
    z = gaussian_surface()
    quantiles = [percentile(z, percent) for percent in PERCENTS]
    assert_allclose(quantiles, stats.norm.ppf(np.array(PERCENTS) / 100), atol=0.02)


def test_two_levels_have_quantiles_on_the_levels():
    z = two_levels(0.3, step=2.0)
    assert percentile(z, 50) == 0
    assert percentile(z, 75) == pytest.approx(2)
    assert interquartile_range(z) == pytest.approx(2)
    assert median_height(z) == pytest.approx(-0.6)


def test_a_spike_moves_the_robust_height_little():
    z = gaussian_surface(64)
    before = robust_total_height(z)
    z[3, 3] = 1e4
    assert robust_total_height(z) == pytest.approx(before, rel=0.05)
