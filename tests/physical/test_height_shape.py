import numpy as np
import pytest
from physical.surfaces import gaussian_surface, two_levels
from scipy import stats

from tmdfeat.physical.height_shape import bimodality, l_kurtosis, l_skewness, negentropy

UNIFORM = np.arange(250_000.0).reshape(500, 500)
GAUSSIAN = gaussian_surface()
EXPONENTIAL = -np.log((np.arange(250_000.0) + 0.5) / 250_000).reshape(500, 500)


@pytest.mark.parametrize(
    ("z", "expected"), [(UNIFORM, 0), (GAUSSIAN, 0), (EXPONENTIAL, 1 / 3), (-EXPONENTIAL, -1 / 3)]
)
def test_l_skewness_of_known_distributions(z, expected):
    assert l_skewness(z) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize(
    ("z", "expected"), [(UNIFORM, 0), (GAUSSIAN, 0.1226), (EXPONENTIAL, 1 / 6)]
)
def test_l_kurtosis_of_known_distributions(z, expected):
    assert l_kurtosis(z) == pytest.approx(expected, abs=2e-3)


@pytest.mark.skipif(not hasattr(stats, "lmoment"), reason="scipy before 1.15 has no L-moments")
def test_l_moment_ratios_equal_scipy():
    z = np.random.default_rng(3).gamma(0.7, size=(9, 11))
    _, _, skew, kurt = stats.lmoment(z.ravel(), order=[1, 2, 3, 4], standardize=True)
    assert l_skewness(z) == pytest.approx(skew)
    assert l_kurtosis(z) == pytest.approx(kurt)


def test_l_ratios_need_four_pixels():
    assert np.isnan(l_skewness([[0.0, 1.0, 5.0]]))
    assert np.isnan(l_kurtosis([[0.0, 1.0, 5.0]]))


def test_bimodality_is_one_for_two_levels_and_five_ninths_for_uniform_heights():
    assert bimodality(two_levels(0.1)) == pytest.approx(1)
    assert bimodality(two_levels(0.5)) == pytest.approx(1)
    assert bimodality(UNIFORM) == pytest.approx(5 / 9)
    assert bimodality(GAUSSIAN) == pytest.approx(1 / 3, abs=5e-3)


@pytest.mark.parametrize(
    ("z", "distribution"),
    [(GAUSSIAN, stats.norm()), (UNIFORM, stats.uniform()), (EXPONENTIAL, stats.expon())],
)
def test_negentropy_of_known_distributions(z, distribution):
    edges = distribution.mean() + 0.1 * distribution.std() * (np.arange(-60, 200) - 0.5)
    p = np.diff(distribution.cdf(edges))
    p = p[p > 0]
    gaussian = 0.5 * np.log(2 * np.pi * np.e)
    assert negentropy(z) == pytest.approx(gaussian + np.sum(p * np.log(p)) - np.log(0.1), abs=2e-3)
    continuous = gaussian + np.log(distribution.std()) - distribution.entropy()
    assert negentropy(z) == pytest.approx(continuous, abs=0.05)  # cliffs blur by half a bin


def test_negentropy_of_two_levels_counts_them_as_two_bins():
    entropy = -(0.3 * np.log(0.3) + 0.7 * np.log(0.7)) + np.log(0.1)
    expected = 0.5 * np.log(2 * np.pi * np.e) - entropy
    assert negentropy(two_levels(0.3)) == pytest.approx(expected)


def test_a_flat_map_has_no_shape():
    for function in (l_skewness, l_kurtosis, bimodality, negentropy):
        assert np.isnan(function(np.ones((5, 5))))
