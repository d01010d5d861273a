import numpy as np
import pytest
from physical.surfaces import two_levels
from skimage.measure import euler_number

from tmdfeat.physical.topology_minkowski import (
    LEVELS,
    Minkowski,
    area_above,
    boundary_density,
    euler_density,
)


def test_share_above_a_level_of_gaussian_heights_is_the_normal_tail():
    z = np.random.default_rng(0).normal(size=(512, 512))
    tails = [0.97725, 0.84134, 0.5, 0.15866, 0.02275]
    assert [area_above(z, level) for level in LEVELS] == pytest.approx(tails, abs=0.002)


def test_heights_on_a_level_are_above_it():
    z = two_levels(0.5, step=0.3)  # both phases lie 1 Sq from the mean
    assert area_above(z, 1) == 0.5
    assert area_above(z, -1) == 1
    assert boundary_density(z, at="p1") == pytest.approx(np.pi / 4 / 100)


@pytest.mark.parametrize(("at", "level"), [("m2", -2), ("m1", -1), ("p0", 0), ("p1", 1), ("p2", 2)])
def test_euler_density_at_a_level_equals_skimage(at, level):
    z = np.random.default_rng(1).normal(size=(50, 60)) + 3
    expected = euler_number(z >= z.mean() + level * z.std(), connectivity=2)
    assert euler_density(z, (20.0, 30.0), at=at) * 50 * 60 * 6e-4 == pytest.approx(expected)


@pytest.mark.parametrize("share", [10, 50, 90])
def test_euler_density_at_a_share_equals_skimage(share):
    z = np.random.default_rng(2).permutation(3000.0 * np.ones(3000).cumsum()).reshape(50, 60)
    above = z > np.sort(z, axis=None)[-1 - 30 * share]  # exactly that share: no two are equal
    assert above.mean() == share / 100
    expected = euler_number(above, connectivity=2)
    assert euler_density(z, 1000.0, at=f"q{share}") * 3000 == pytest.approx(expected)


def test_prepared_curves_give_the_same_as_the_array():
    z = np.random.default_rng(3).normal(size=(9, 9))
    assert euler_density(Minkowski(z, 2.0), at="q50") == euler_density(z, 2.0, at="q50")
