import numpy as np
import pytest
from scipy import stats

from tmdfeat.physical.slope_angles import (
    inclination_deviation,
    inclination_kurtosis,
    inclination_skewness,
    mean_inclination,
    modal_inclination,
)


def roof(share, slope, side=101):
    """A share of the facets rises by `slope`, the rest is flat."""
    steps = np.where(np.arange(side - 1) < share * (side - 1), slope, 0.0)
    return np.tile(np.concatenate([[0.0], np.cumsum(steps)]), (side, 1))


@pytest.mark.parametrize(("slope", "angle"), [(1.0, 45.0), (np.sqrt(3), 60.0)])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_two_facets_have_the_moments_of_two_angles(share, slope, angle):
    z = roof(share, slope)
    rest = share * (1 - share)
    assert mean_inclination(z) == pytest.approx(share * angle)
    assert inclination_deviation(z) == pytest.approx(angle * np.sqrt(rest))
    assert inclination_skewness(z) == pytest.approx((1 - 2 * share) / np.sqrt(rest), abs=1e-9)
    assert inclination_kurtosis(z) == pytest.approx(1 / rest - 3)


def test_the_more_frequent_facet_is_the_mode():
    assert modal_inclination(roof(0.7, 1.0)) == pytest.approx(45)
    assert modal_inclination(roof(0.3, 1.0)) == 0


def test_a_tilted_plane_has_one_angle_and_no_ratios():
    y, x = np.mgrid[:20, :30]
    z = 0.3 * y + 0.4 * x
    assert mean_inclination(z) == pytest.approx(np.degrees(np.arctan(0.5)))
    assert modal_inclination(z) == pytest.approx(np.degrees(np.arctan(0.5)))
    assert inclination_deviation(z) == pytest.approx(0, abs=1e-9)
    assert np.isnan(inclination_skewness(z))
    assert np.isnan(inclination_kurtosis(z))


def test_a_tilted_terrace_shows_its_tilt_through_noise():
    z = 0.2 * np.arange(200) + np.random.default_rng(0).normal(size=(200, 200)) * 0.02
    assert modal_inclination(z) == pytest.approx(np.degrees(np.arctan(0.2)), abs=0.5)


def test_facets_of_white_noise_are_rayleigh_distributed():
    # A facet's gradient has two independent Gaussian components of the noise's deviation.
    small = 1e-4
    z = np.random.default_rng(1).normal(size=(400, 400)) * small
    rayleigh = stats.rayleigh(scale=np.degrees(small))
    assert mean_inclination(z) == pytest.approx(rayleigh.mean(), rel=0.01)
    assert inclination_deviation(z) == pytest.approx(rayleigh.std(), rel=0.01)
    skew, excess = rayleigh.stats(moments="sk")
    assert inclination_skewness(z) == pytest.approx(skew, abs=0.05)
    assert inclination_kurtosis(z) == pytest.approx(excess + 3, abs=0.1)
