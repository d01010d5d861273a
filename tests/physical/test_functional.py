import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from physical.surfaces import (
    gaussian_surface,
    sine,
    turned_and_flipped,
    two_levels,
    whole_maps,
)
from scipy import stats
from scipy.integrate import quad

from tmdfeat.physical import compute, select
from tmdfeat.physical.functional import (
    core_height,
    dale_ratio,
    hill_ratio,
    reduced_dale_depth,
    reduced_peak_height,
)
from tmdfeat.physical.functional_curve import MaterialCurve

FAMILY = select("functional")
NAMES = [d.name for d in FAMILY]
LENGTHS = [d.unit == "nm" for d in FAMILY]


def ramp(side=100, height=1.0):
    """All heights of an even ladder, once each."""
    return np.linspace(0, height, side * side).reshape(side, side)


def wavy(side=128):
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:side, :side] / side
    return np.sin(7 * x + 3 * y) + rng.gamma(2.0, 0.3, size=(side, side))


def test_gaussian_heights_have_the_published_core():
    z = 3.0 * gaussian_surface(1024)
    assert core_height(z) == pytest.approx(3 * 2.574, rel=0.01)
    assert reduced_peak_height(z) == pytest.approx(3 * 0.945, rel=0.01)
    assert reduced_dale_depth(z) == pytest.approx(3 * 0.945, rel=0.01)
    assert hill_ratio(z) == pytest.approx(0.09905, abs=0.001)
    assert dale_ratio(z) == pytest.approx(0.9009, abs=0.001)


def test_gaussian_quantiles_have_the_core_of_the_gaussian_curve():
    # The line of least squares through the quantile function between the shares 0.3 and 0.7, and
    # what lies beyond it, by integration.
    n = 400
    share = (np.arange(n * n) + 0.5) / (n * n)
    z = stats.norm.isf(share).reshape(n, n)
    p = np.linspace(0.3, 0.7, 20001)
    slope, upper = np.polyfit(p, stats.norm.isf(p), 1)
    hills = stats.norm.sf(upper)
    area = quad(stats.norm.sf, upper, 10)[0]
    assert core_height(z) == pytest.approx(-slope, rel=1e-4)
    assert hill_ratio(z) == pytest.approx(hills, rel=1e-3)
    assert reduced_peak_height(z) == pytest.approx(2 * area / hills, rel=1e-3)
    assert reduced_dale_depth(z) == pytest.approx(2 * area / hills, rel=1e-3)


@pytest.mark.parametrize("height", [1.0, 250.0])
def test_a_ramp_is_all_core(height):
    z = ramp(height=height)
    assert core_height(z) == pytest.approx(height)
    assert reduced_peak_height(z) == pytest.approx(0, abs=1e-9 * height)
    assert reduced_dale_depth(z) == pytest.approx(0, abs=1e-9 * height)
    assert (hill_ratio(z), dale_ratio(z)) == (0, 1)


def test_islands_on_a_plain_are_hills_over_a_core_without_height():
    z = two_levels(0.2, step=0.65)
    assert core_height(z) == pytest.approx(0, abs=1e-12)
    assert hill_ratio(z) == 0.2
    assert reduced_peak_height(z) == pytest.approx(2 * 0.65)
    assert (reduced_dale_depth(z), dale_ratio(z)) == (0, 1)


def test_holes_in_a_plain_are_dales_under_a_core_without_height():
    z = two_levels(0.8, step=0.65)
    assert core_height(z) == pytest.approx(0, abs=1e-12)
    assert dale_ratio(z) == pytest.approx(0.8)
    assert reduced_dale_depth(z) == pytest.approx(2 * 0.65)
    assert (reduced_peak_height(z), hill_ratio(z)) == (0, 0)


def test_of_two_plateaus_the_upper_one_is_the_core():
    z = two_levels(0.5)  # both hold a window of 40 % that does not fall
    assert hill_ratio(z) == 0
    assert reduced_dale_depth(z) == pytest.approx(2.0)


def test_a_core_between_hills_and_dales_is_found_where_the_curve_is_flattest():
    # 20 % fall steeply, 50 % gently, 30 % steeply: the line is that of the middle part.
    p = np.linspace(0, 1, 10001)
    curve = np.interp(p, [0, 0.2, 0.7, 1], [10, 2, 1, -5])
    z = np.random.default_rng(0).permutation(curve)[None]
    assert core_height(z) == pytest.approx(2.0)  # 1 per 50 %
    upper, lower = 2 + 0.4, 1 - 0.6
    hills = 0.2 * (10 - upper) / 8
    dales = 0.3 * (lower + 5) / 6
    assert hill_ratio(z) == pytest.approx(hills, rel=1e-3)
    assert 1 - dale_ratio(z) == pytest.approx(dales, rel=1e-3)
    assert reduced_peak_height(z) == pytest.approx(10 - upper, rel=1e-3)  # a triangle already
    assert reduced_dale_depth(z) == pytest.approx(lower + 5, rel=1e-3)


@pytest.mark.parametrize("surface", [wavy, gaussian_surface], ids=["wavy", "gaussian"])
def test_the_core_equals_surfalize(surface):
    Surface = pytest.importorskip("surfalize").Surface
    z = surface(128) + 5.0
    other = Surface(z, 1.0, 1.0)
    assert core_height(z) == pytest.approx(other.Sk(), rel=1e-3)
    assert hill_ratio(z) == pytest.approx(other.Smr1() / 100, abs=1e-3)
    assert dale_ratio(z) == pytest.approx(other.Smr2() / 100, abs=1e-3)
    # It cuts areas at the nearest of its 10000 samples, and integrates their polygon.
    assert reduced_peak_height(z) == pytest.approx(other.Spk(), rel=0.01)
    assert reduced_dale_depth(z) == pytest.approx(other.Svk(), rel=0.01)


def test_a_sine_has_finite_values():
    assert np.isfinite(compute(FAMILY, sine(64))).all()


@settings(deadline=None, max_examples=40)
@given(whole_maps, st.integers(-500, 500), st.integers(-3, 3))
def test_offset_changes_nothing_and_a_factor_only_lengths(z, offset, power):
    before = compute(FAMILY, z)
    assert_allclose(compute(FAMILY, z + np.int32(offset)), before, rtol=1e-8, atol=1e-8)
    factors = np.where(LENGTHS, 2.0**power, 1.0)
    assert_allclose(compute(FAMILY, z * 2.0**power), before * factors, rtol=1e-8, atol=1e-8)


@settings(deadline=None, max_examples=40)
@given(whole_maps)
def test_quarter_turns_and_flips_change_nothing(z):
    expected = compute(FAMILY, z)
    for turned in turned_and_flipped(z):
        assert_allclose(compute(FAMILY, turned), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("size", [1e-160, 1e-12, 1e6, 1e160])
def test_extreme_heights_neither_vanish_nor_overflow(size):
    z = wavy(32)
    factors = np.where(LENGTHS, size, 1.0)
    assert_allclose(compute(FAMILY, z * size), compute(FAMILY, z) * factors, rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, -7e5, 1e-300])
def test_a_flat_map_has_no_height_and_no_ratios(value):
    values = compute(FAMILY, np.full((7, 9), value))
    assert_allclose(values, np.where(LENGTHS, 0.0, np.nan))


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (1, 3), (2, 2), (1, 40), (5, 1)])
def test_small_maps_and_profiles_have_values(shape):
    z = np.random.default_rng(1).normal(size=shape)
    values = np.array([d.compute(z) for d in FAMILY])
    assert np.isfinite(values[LENGTHS]).all()
    assert np.isfinite(values).all() or z.size == 1


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int32, np.float32])
def test_every_dtype_gives_the_same(dtype):
    z = two_levels(0.3)
    assert_allclose(compute(FAMILY, z.astype(dtype)), compute(FAMILY, z))


def test_prepared_heights_give_the_same_as_the_array():
    z = wavy(32)
    assert core_height(MaterialCurve(z)) == core_height(z)
