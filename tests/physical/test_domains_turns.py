import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.surfaces import turned_and_flipped
from physical.test_domains_order import EXACT, triangles
from scipy.stats import circmean, norm

from tmdfeat.physical import compute, select
from tmdfeat.physical.domains_turns import BINS, DESCRIPTORS, commonest, turned_share

STEP = 5


def histogram(z):
    return np.array([turned_share(z, least=float(k)) for k in range(0, 60, STEP)])


@pytest.mark.parametrize("turn", [0.0, 13.0, 47.0])
@pytest.mark.parametrize("sense", [1, -1])
def test_planted_orientations_fall_into_their_bins(turn, sense):
    aside = [0] * 5 + [60] * 3 + [22] * 2
    found = EXACT.segment(triangles([turn + sense * a for a in aside], radius=20))
    expected = np.histogram(aside, bins=np.arange(0, 61, STEP))[0] / len(aside)
    assert_allclose(histogram(found), expected)
    assert expected[[0, 4, 11]].tolist() == [0.5, 0.2, 0.3]


def test_shares_of_a_known_spread_are_those_of_the_normal_distribution():
    rng = np.random.default_rng(0)
    spread = 4.0
    angles = np.concatenate([rng.normal(33, spread, 7000), rng.normal(93, spread, 3000)]) % 120
    mode = commonest(angles)
    assert mode == pytest.approx(33, abs=0.5)
    aside = np.abs((angles - mode + 60) % 120 - 60)
    inside = norm.cdf(5 / spread) - norm.cdf(-5 / spread)
    assert np.mean(aside < 5) == pytest.approx(0.7 * inside, abs=0.01)
    assert np.mean(aside >= 55) == pytest.approx(0.3 * inside, abs=0.01)


@pytest.mark.parametrize("centre", [0.0, 59.7, 119.9])
def test_the_mode_of_a_narrow_bundle_is_its_circular_mean(centre):
    angles = (centre + np.random.default_rng(0).normal(0, 1.0, 50)) % 120
    mean = circmean(angles, high=120)
    assert (commonest(angles) - mean + 60) % 120 - 60 == pytest.approx(0, abs=0.1)


def test_the_mode_is_not_the_mean_of_two_bundles():
    assert commonest(np.array([10.0, 11.0, 12.0, 50.0, 51.0])) == pytest.approx(11.0, abs=0.1)


def test_random_orientations_fill_all_bins_alike():
    angles = np.random.default_rng(0).uniform(0, 120, 50_000)
    aside = np.abs((angles - commonest(angles) + 60) % 120 - 60)
    shares = np.histogram(aside, bins=np.arange(0, 61, STEP))[0] / aside.size
    assert_allclose(shares, 1 / BINS, atol=0.01)


def test_shares_sum_to_one_and_need_two_domains():
    rng = np.random.default_rng(0)
    several = EXACT.segment(triangles(rng.uniform(0, 120, 12)))
    assert histogram(several).sum() == pytest.approx(1)
    assert np.isnan(histogram(EXACT.segment(triangles([20.0])))).all()
    assert np.isnan(histogram(np.zeros((40, 40)))).all()


def test_turned_and_flipped_maps_have_the_same_histogram():
    # Drawn triangles of all symmetries: offsets lie on the edges of bins.
    z = triangles([0.0, 30.0, 45.0, 90.0, 15.0, 17.0], radius=20)
    names = [d.name for d in DESCRIPTORS]
    expected = compute(select(names=names), z)
    assert np.isfinite(expected).all()
    for same in turned_and_flipped(z):
        assert_allclose(compute(select(names=names), same), expected)
