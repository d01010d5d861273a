import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose
from scipy import ndimage
from skimage.measure import euler_number

from tmdfeat.physical.height import rms_height
from tmdfeat.physical.topology_bars import Persistence
from tmdfeat.physical.topology_betti import betti_level, most_at_once
from tmdfeat.physical.topology_persistence import (
    largest_persistence,
    pair_density,
    pair_density_above_noise,
    persistence_entropy,
    persistence_quantile,
    total_persistence,
    typical_persistence,
)

stepped_maps = hnp.arrays(
    np.int8, st.tuples(st.integers(2, 9), st.integers(2, 9)), elements=st.integers(0, 6)
).filter(lambda z: np.ptp(z) > 0)


def betti_curves(z):
    """Islands and lakes above each half level between whole heights, by labelling."""
    levels = np.arange(z.min() + 0.5, z.max())
    islands = np.array([ndimage.label(z > t, np.ones((3, 3)))[1] for t in levels])
    euler = np.array([euler_number(z > t, connectivity=2) for t in levels])
    return levels, islands, islands - euler


def crests_and_pits():
    """Egg-crate with crests, pits and passes on pixels, 4 by 4 crests away from the edge."""
    wave = -np.cos(2 * np.pi * np.arange(65) / 16)
    return wave + wave[:, None]


@settings(deadline=None, max_examples=40)
@given(stepped_maps)
def test_total_and_level_are_integral_and_centre_of_the_betti_curve(z):
    levels, islands, lakes = betti_curves(z)
    sq, mean = rms_height(z), z.mean()
    for curve, of in [(islands - 1, "islands"), (lakes, "lakes")]:
        total = total_persistence(z, 1000.0, of=of) * z.size
        assert total == pytest.approx(curve.sum() / sq)
        if curve.any():
            centre = ((levels - mean) * curve).sum() / curve.sum() / sq
            assert betti_level(z, of=of) == pytest.approx(centre, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(stepped_maps)
def test_most_at_once_is_the_height_of_the_betti_curve(z):
    _, islands, lakes = betti_curves(z)
    assert most_at_once(z, 1000.0, of="islands") * z.size == pytest.approx(islands.max())
    assert most_at_once(z, 1000.0, of="lakes") * z.size == pytest.approx(lakes.max())


def test_egg_crate_islands_live_from_crest_to_pass():
    z = crests_and_pits()
    life, pairs = 2 / rms_height(z), 15  # one of the 16 crests never dies
    assert largest_persistence(z) == pytest.approx(life)
    assert typical_persistence(z) == pytest.approx(life)
    assert persistence_quantile(z, percent=50) == pytest.approx(life)
    assert persistence_quantile(z, percent=90) == pytest.approx(life)
    assert persistence_entropy(z) == pytest.approx(np.log(pairs))
    assert total_persistence(z, 100.0) == pytest.approx(pairs * life / (0.01 * 65**2))
    assert most_at_once(z, 100.0) == pytest.approx(16 / (0.01 * 65**2))


def test_egg_crate_lakes_live_from_pass_to_pit():
    z = crests_and_pits()[8:-8, 8:-8]  # crests on the edge shut the sea out of 3 x 3 pits
    life = 2 / rms_height(z)
    assert largest_persistence(z, of="lakes") == pytest.approx(life)
    assert persistence_entropy(z, of="lakes") == pytest.approx(np.log(9))
    assert pair_density(z, of="lakes", above=0.5) * z.size / 1e6 == pytest.approx(9)


def test_islands_and_lakes_of_unequal_lives():
    # Islands 4 above 1 and 3 above 1 beside the highest, 9: persistence 3 and 2.
    z = np.array([[9.0, 1.0, 4.0, 1.0, 3.0, 0.0]])
    sq = rms_height(z)
    assert typical_persistence(z) == pytest.approx((9 + 4) / 5 / sq)
    assert persistence_entropy(z) == pytest.approx(-(0.6 * np.log(0.6) + 0.4 * np.log(0.4)))
    assert persistence_quantile(z, percent=50) == pytest.approx(2.5 / sq)
    assert pair_density(z, 1000.0, above=2.5 / sq) * z.size == pytest.approx(1)


def test_noise_is_found_on_curved_and_stepped_ground():
    y, x = np.mgrid[:128, :128] / 128
    ground = 40 * x**2 + 30 * x * y + 5 * (x > 0.5)
    z = ground + np.random.default_rng(0).normal(scale=0.1, size=x.shape)
    assert Persistence(z).noise * rms_height(z) == pytest.approx(0.1, rel=0.05)


def test_islands_above_noise_are_the_planted_ones():
    rng = np.random.default_rng(1)
    z = np.zeros((100, 100))
    z[20::30, 20::30] = 1  # nine islands of one pixel
    noisy = ndimage.gaussian_filter(z, 3) * 60 + rng.normal(scale=0.01, size=z.shape)
    count = pair_density_above_noise(noisy, 1000.0) * z.size
    rough = pair_density(noisy, 1000.0) * z.size
    assert rough > 500
    assert count < 0.3 * rough
    assert pair_density(noisy, 1000.0, above=1.0) * z.size == pytest.approx(8)


def test_maps_without_pairs_have_no_islands_and_undefined_ratios():
    ramp = np.arange(12.0).reshape(3, 4)
    for of in ("islands", "lakes"):
        assert total_persistence(ramp, of=of) == largest_persistence(ramp, of=of) == 0
        assert pair_density(ramp, of=of) == 0
        undefined = [f(ramp, of=of) for f in (typical_persistence, persistence_entropy)]
        assert np.isnan(
            [*undefined, persistence_quantile(ramp, of=of), betti_level(ramp, of=of)]
        ).all()
    assert most_at_once(ramp, 1000.0) * 12 == pytest.approx(1)
    assert most_at_once(ramp, of="lakes") == 0


@pytest.mark.parametrize("size", [1e-12, 1e6])
def test_rounding_is_no_persistence(size):
    z = crests_and_pits() * size + np.pi * size
    assert pair_density(z, 1000.0) * z.size == pytest.approx(15)
    assert_allclose(Persistence(z).islands, Persistence(crests_and_pits()).islands, atol=1e-8)
