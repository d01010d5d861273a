import numpy as np
import pytest
from physical.surfaces import gaussian_surface, two_levels
from physical.test_functional import ramp, wavy
from scipy import stats
from scipy.integrate import quad

from tmdfeat.physical import compute, select
from tmdfeat.physical.functional_volumes import (
    core_material_volume,
    core_void_volume,
    dale_void_volume,
    height_at_ratio,
    material_ratio,
    material_volume,
    peak_extreme_height,
    peak_material_volume,
    void_volume,
)

VOLUMES = [peak_material_volume, core_material_volume, core_void_volume, dale_void_volume]


def test_a_ramp_has_the_volumes_of_its_triangles():
    z = ramp()
    expected = [0.1**2 / 2, (0.8**2 - 0.1**2) / 2, (0.9**2 - 0.2**2) / 2, 0.2**2 / 2]
    assert [v(z) for v in VOLUMES] == pytest.approx(expected, rel=1e-3)
    assert peak_extreme_height(z) == pytest.approx(0.475)
    assert height_at_ratio(z, 0.1) == pytest.approx(0.4)
    assert material_ratio(z, 0.3) == pytest.approx(0.2)


def test_gaussian_heights_have_the_volumes_of_the_gaussian():
    z = 2.0 * gaussian_surface(1024)

    def above(c):
        return quad(stats.norm.sf, c, 12)[0]

    high, low = stats.norm.isf([0.1, 0.8])
    # What is missing below c is what lies above -c, since the Gaussian is even.
    expected = [above(high), above(low) - above(high), above(-high) - above(-low), above(-low)]
    assert [v(z) / 2 for v in VOLUMES] == pytest.approx(expected, rel=0.01)
    assert peak_extreme_height(z) == pytest.approx(2 * 1.96, rel=0.01)


def test_volumes_equal_surfalize():
    Surface = pytest.importorskip("surfalize").Surface
    z = wavy()
    other = Surface(z - z.mean(), 1.0, 1.0)
    theirs = [other.Vmp(), other.Vmc(), other.Vvc(), other.Vvv()]
    assert [v(z) for v in VOLUMES] == pytest.approx(theirs, rel=5e-3)
    assert peak_extreme_height(z) == pytest.approx(other.Sxp(), rel=1e-3)
    assert height_at_ratio(z, 0.1) == pytest.approx(other.Smc(10), rel=1e-3)


def test_volumes_above_and_below_the_same_height_differ_by_its_distance_from_the_mean():
    z = wavy()
    for ratio in (0.1, 0.5, 0.8):
        difference = void_volume(z, ratio) - material_volume(z, ratio)
        assert difference == pytest.approx(height_at_ratio(z, ratio))


def test_two_levels():
    z = two_levels(0.3, step=2.0)
    assert material_ratio(z) == pytest.approx(0.3)
    assert material_ratio(z, 1.4) == 0  # nothing lies above the islands themselves
    assert height_at_ratio(z, 0.2) == pytest.approx(1.4)
    assert height_at_ratio(z, 0.5) == pytest.approx(-0.6)
    assert material_volume(z, 0.5) == pytest.approx(0.6)
    assert void_volume(z, 0.1) == pytest.approx(1.4)


@pytest.mark.parametrize("ratio", [0.0, 0.025, 0.5, 1.0])
def test_the_height_at_a_ratio_equals_numpy(ratio):
    z = wavy(32)
    assert height_at_ratio(z, ratio) == pytest.approx(np.quantile(z, 1 - ratio) - z.mean())


def test_the_columns_at_a_ratio_are_those_heights():
    z = wavy(32)
    values = compute(select(names=["Smc_10", "Smc_80"]), z)
    assert values == pytest.approx(np.quantile(z, [0.9, 0.2]) - z.mean())
