"""What holds for every descriptor of the topology family."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from physical.surfaces import turned_and_flipped, whole_maps
from scipy import ndimage

from tmdfeat.physical import compute, select

FAMILY = select("topology")
BUMPY = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(40, 50)), 2)


def values(z, pixel_size=1.0):
    return dict(zip([d.name for d in FAMILY], compute(FAMILY, z, pixel_size), strict=True))


@settings(deadline=None, max_examples=15)
@given(whole_maps, st.integers(-500, 500), st.sampled_from([0.25, 8.0]))
def test_offset_factor_quarter_turns_and_flips_change_nothing(z, offset, factor):
    expected = compute(FAMILY, z)
    for same in [(z + float(offset)) * factor, *turned_and_flipped(z)]:
        assert_allclose(compute(FAMILY, same), expected, rtol=1e-7, atol=1e-9)


def test_quarter_turn_swaps_the_two_pixel_sizes():
    turned = compute(FAMILY, BUMPY.T, (3.0, 2.0))
    assert_allclose(turned, compute(FAMILY, BUMPY, (2.0, 3.0)), rtol=1e-9)


def test_densities_go_with_the_area_and_boundaries_with_the_length_of_a_pixel():
    fine, coarse = compute(FAMILY, BUMPY, 1.0), compute(FAMILY, BUMPY, 2.0)
    power = {"1/um2": 2, "1/nm": 1}
    factors = [2.0 ** power.get(d.unit, 0) for d in FAMILY]
    assert_allclose(fine, coarse * factors)


@pytest.mark.parametrize("size", [1e-12, 1e6])
def test_extreme_heights_neither_vanish_nor_overflow(size):
    assert_allclose(compute(FAMILY, BUMPY * size), compute(FAMILY, BUMPY), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_whole_numbers_and_single_precision_give_the_same(dtype):
    z = np.round(BUMPY * 1000)
    assert_allclose(compute(FAMILY, z.astype(dtype)), compute(FAMILY, z))


def test_a_flat_map_has_no_pairs_and_undefined_levels():
    for name, value in values(np.full((9, 9), 0.1)).items():
        undefined = name.startswith("minkowski") or name.endswith(
            ("typical", "p50", "p90", "entropy", "level")
        )
        assert np.isnan(value) if undefined else value == 0, name


def test_one_grain_is_one_island_without_lakes():
    z = np.pad(np.ones((6, 6)), 3)
    found = values(z, 1000.0)
    assert found["betti0_max"] * z.size == found["minkowski_chi_p1"] * z.size == 1
    assert found["H0_total"] == found["H1_total"] == found["betti1_max"] == 0


@pytest.mark.parametrize("shape", [(1, 8), (2, 2), (2, 9), (9, 2), (3, 3)])
def test_small_maps_are_legal(shape):
    z = np.random.default_rng(7).normal(size=shape)
    for name, value in values(z).items():
        assert not np.isinf(value), name
        if min(shape) == 1:
            assert np.isnan(value), name
