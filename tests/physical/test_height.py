import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from physical.surfaces import (
    egg_crate,
    gaussian_surface,
    sine,
    turned_and_flipped,
    two_levels,
    whole_maps,
)
from scipy import stats

from tmdfeat.physical import compute, select
from tmdfeat.physical.height import (
    Heights,
    kurtosis,
    mean_deviation,
    peak_height,
    pit_depth,
    rms_height,
    skewness,
    total_height,
)

FAMILY = select("height")
LENGTHS = [d.unit == "nm" for d in FAMILY]


def test_sine():
    z = 3.0 * sine(64)
    assert rms_height(z) == pytest.approx(3 / np.sqrt(2))
    assert mean_deviation(z) == pytest.approx(3 * 2 / np.pi, rel=1e-3)
    assert skewness(z) == pytest.approx(0, abs=1e-12)
    assert kurtosis(z) == pytest.approx(1.5)


def test_sine_of_eight_samples_has_the_mean_deviation_of_its_samples():
    z = np.tile(np.sin(2 * np.pi * np.arange(64) / 8), (8, 1))
    assert mean_deviation(z) == pytest.approx((1 + np.sqrt(2)) / 4)  # 0.6036


def test_egg_crate():
    z = 2.0 * egg_crate(64)
    assert rms_height(z) == pytest.approx(2)
    assert mean_deviation(z) == pytest.approx(2 * 8 / np.pi**2, rel=1e-3)
    assert kurtosis(z) == pytest.approx(2.25)


@pytest.mark.parametrize("coverage", [0.1, 0.25, 0.5, 0.9])
def test_two_levels(coverage):
    z = two_levels(coverage, step=0.65)
    rest = coverage * (1 - coverage)
    assert rms_height(z) == pytest.approx(0.65 * np.sqrt(rest))
    assert mean_deviation(z) == pytest.approx(0.65 * 2 * rest)
    assert skewness(z) == pytest.approx((1 - 2 * coverage) / np.sqrt(rest), abs=1e-9)
    assert kurtosis(z) == pytest.approx(1 / rest - 3)
    assert peak_height(z) == pytest.approx(0.65 * (1 - coverage))
    assert pit_depth(z) == pytest.approx(0.65 * coverage)
    assert total_height(z) == pytest.approx(0.65)


def test_levelled_staircase_has_uniform_heights():
    step = 0.2165  # sapphire
    z = np.tile(np.arange(1000) / 1000 * step, (4, 1))  # one terrace, levelled: a ramp
    assert rms_height(z) == pytest.approx(step / np.sqrt(12), rel=1e-5)
    assert mean_deviation(z) == pytest.approx(step / 4, rel=1e-5)
    assert kurtosis(z) == pytest.approx(1.8, rel=1e-5)


def test_gaussian_heights():
    z = gaussian_surface()
    assert skewness(z) == pytest.approx(0, abs=5 * np.sqrt(6 / z.size))
    assert kurtosis(z) == pytest.approx(3, abs=5 * np.sqrt(24 / z.size))


def test_moments_equal_scipy():
    z = np.random.default_rng(1).gamma(2.0, size=(40, 50)) + 100
    assert rms_height(z) == pytest.approx(np.std(z))
    assert skewness(z) == pytest.approx(stats.skew(z, axis=None))
    assert kurtosis(z) == pytest.approx(stats.kurtosis(z, axis=None, fisher=False))


@settings(deadline=None, max_examples=60)
@given(whole_maps, st.integers(-500, 500), st.integers(-3, 3))
def test_offset_changes_nothing_and_a_factor_only_lengths(z, offset, power):
    before = compute(FAMILY, z)
    assert_allclose(compute(FAMILY, z + np.int32(offset)), before, rtol=1e-9, atol=1e-9)
    factors = np.where(LENGTHS, 2.0**power, 1.0)
    assert_allclose(compute(FAMILY, z * 2.0**power), before * factors, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(whole_maps)
def test_quarter_turns_and_flips_change_nothing(z):
    expected = compute(FAMILY, z)
    for turned in turned_and_flipped(z):
        assert_allclose(compute(FAMILY, turned), expected, rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(whole_maps)
def test_inverting_swaps_peaks_with_pits_and_turns_the_skewness(z):
    z = z.astype(float)
    assert peak_height(-z) == pytest.approx(pit_depth(z))
    assert_allclose(skewness(-z), -skewness(z), atol=1e-9)


@pytest.mark.parametrize("size", [1e-160, 1e-12, 1e6, 1e160])
def test_extreme_heights_neither_vanish_nor_overflow(size):
    z = two_levels(0.25)
    factors = np.where(LENGTHS, size, 1.0)
    assert_allclose(compute(FAMILY, z * size), compute(FAMILY, z) * factors, rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, -7e5, 1e-300])
def test_a_flat_map_has_no_height_and_no_ratios(value):
    values = compute(FAMILY, np.full((7, 9), value))
    assert_allclose(values, np.where(LENGTHS, 0.0, np.nan))


def test_rounding_left_by_levelling_counts_as_flat():
    z = np.full((8, 8), 0.1)
    z[::2] = np.nextafter(0.1, 1)
    assert rms_height(z) == 0
    assert np.isnan(skewness(z))


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int32, np.float32])
def test_every_dtype_gives_the_same(dtype):
    z = two_levels(0.3)
    assert_allclose(compute(FAMILY, z.astype(dtype)), compute(FAMILY, z))


def test_one_row_is_a_profile_for_the_functions_but_too_small_for_the_table():
    profile = [[0.0, 2.0, 0.0, 2.0]]
    assert rms_height(profile) == 1
    assert np.isnan(compute(FAMILY, np.array(profile))).all()


def test_two_by_two():
    assert rms_height([[0, 2], [2, 0]]) == 1


def test_prepared_heights_give_the_same_as_the_array():
    z = two_levels(0.3)
    assert rms_height(Heights(z)) == rms_height(z)
