"""What holds for every descriptor of the spatial family: edge cases and invariances."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from physical.spatial_surfaces import filtered_noise
from physical.surfaces import turned_and_flipped, two_levels

from tmdfeat.physical import compute, select
from tmdfeat.physical.spatial_acf import Autocorrelation, autocorrelation_length
from tmdfeat.physical.spatial_spectrum import Spectrum

FAMILY = select("spatial")
NAMES = [d.name for d in FAMILY]
HEIGHTS = np.array(["z_nm" in d.needs for d in FAMILY])
LENGTHS = np.array([d.unit == "nm" and "z_nm" not in d.needs for d in FAMILY])
FREQUENCIES = np.array([d.unit == "1/nm" for d in FAMILY])
# Bands are of fixed lengths, so another unit of length is another band.
BANDS = np.array([name.startswith("band_rms") for name in NAMES])


def columns_of(values):
    return dict(zip(NAMES, values, strict=True))


def islands(side=64):
    return (filtered_noise(side, 4.0) > 0.02).astype(float)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(-500, 500), st.integers(-3, 3))
@example(112164734, 250, 0)  # the roll-off's fit once stopped too early to be sure
def test_offset_changes_nothing_and_a_factor_only_heights(seed, offset, power):
    z = np.random.default_rng(seed).integers(-1000, 1000, size=(32, 37))
    before = compute(FAMILY, z)
    assert_allclose(compute(FAMILY, z + offset), before, rtol=1e-6, atol=1e-9)
    factors = np.where(HEIGHTS, 2.0**power, 1.0)
    assert_allclose(compute(FAMILY, z * 2.0**power), before * factors, rtol=1e-6, atol=1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(32, 40), st.integers(32, 40))
def test_quarter_turns_and_flips_change_nothing(seed, height, width):
    z = np.random.default_rng(seed).integers(-1000, 1000, size=(height, width))
    expected = compute(FAMILY, z)
    for turned in turned_and_flipped(z):
        assert_allclose(compute(FAMILY, turned), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("sigma", [1.0, 3.0])
def test_quarter_turns_and_flips_change_nothing_on_smooth_maps(sigma):
    z = filtered_noise(64, sigma)[:, :48]
    expected = compute(FAMILY, z)
    for turned in turned_and_flipped(z):
        assert_allclose(compute(FAMILY, turned), expected, rtol=1e-6, atol=1e-9)


def test_quarter_turn_swaps_the_two_pixel_sizes():
    z = filtered_noise(64, 1.0)[:, :48]
    turned = compute(FAMILY, z.T, (3.0, 2.0))
    assert_allclose(turned, compute(FAMILY, z, (2.0, 3.0)), rtol=1e-6)


@pytest.mark.parametrize("factor", [0.25, 8.0])
def test_another_unit_of_length_changes_lengths_alone(factor):
    z = filtered_noise(64, 1.5)
    before = compute(FAMILY, z, 2.0)
    factors = np.where(LENGTHS, factor, np.where(FREQUENCIES, 1 / factor, 1.0))
    after = compute(FAMILY, z, 2.0 * factor)
    assert_allclose(after[~BANDS], (before * factors)[~BANDS], rtol=1e-6)


@pytest.mark.parametrize("size", [1e-160, 1e-12, 1e6, 1e150])
def test_extreme_heights_neither_vanish_nor_overflow(size):
    z = filtered_noise(64, 1.5)
    factors = np.where(HEIGHTS, size, 1.0)
    assert_allclose(compute(FAMILY, z * size), compute(FAMILY, z) * factors, rtol=1e-6)


@pytest.mark.parametrize("value", [0.0, 0.1, -7e5, 1e-300])
@pytest.mark.parametrize("shape", [(64, 64), (40, 33)])
def test_a_flat_map_has_no_roughness_and_nothing_else(shape, value):
    values = compute(FAMILY, np.full(shape, value))
    assert not np.any(values[BANDS] > 0)
    assert np.isnan(values[~BANDS]).all()
    assert columns_of(values)["band_rms_4_8"] == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 64), (2, 2), (15, 64), (64, 15)])
def test_maps_below_sixteen_pixels_are_too_small(shape):
    z = np.random.default_rng(7).normal(size=shape)
    for descriptor in FAMILY:
        assert np.isnan(descriptor.compute(z)), descriptor.name


def test_sixteen_pixels_are_enough_for_all_but_fits_and_long_bands():
    z = np.random.default_rng(8).normal(size=(16, 16))
    undefined = {name for name, value in columns_of(compute(FAMILY, z)).items() if value != value}
    fits = {"hhcf_slope", "psd_slope", "hurst", "fractal_dimension"}
    bends = {"rolloff_wavelength", "rolloff_exponent"}
    held = {"band_rms_2_4", "band_rms_4_8", "band_rms_8_16"}
    assert undefined == fits | bends | (set(np.array(NAMES)[BANDS]) - held)


SURFACES = {
    "islands": islands(),
    "one island": np.pad(np.ones((20, 20)), 22),
    "all one grain": np.pad(np.ones((62, 62)), 1),
    "spike": np.pad(np.ones((1, 1)), ((0, 63), (63, 0))),
    "two levels": two_levels(0.5, side=64),
    "checkerboard": np.indices((64, 64)).sum(axis=0) % 2.0,
    "ramp": np.tile(np.arange(64.0), (64, 1)),
    "strip": np.random.default_rng(0).normal(size=(17, 300)),
    "one wave": np.tile(np.sin(np.arange(64) / 3), (64, 1)),
}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("pixel", [1.0, (0.3, 7.0), 1e-6, 1e6])
def test_legal_maps_give_numbers_without_warnings_never_infinite(surface, pixel):
    values = compute(FAMILY, SURFACES[surface], pixel)
    assert not np.isinf(values).any()


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int32, np.float32])
def test_every_dtype_gives_the_same(dtype):
    z = islands()
    assert_allclose(compute(FAMILY, z.astype(dtype)), compute(FAMILY, z))


def test_prepared_maps_give_the_same_as_the_array():
    z = filtered_noise(64, 1.5)
    prepared = {Autocorrelation: Autocorrelation(z, 2.0), Spectrum: Spectrum(z, 2.0)}
    one_by_one = [d.function(prepared[d.prepare]) for d in FAMILY]
    assert_allclose(one_by_one, compute(FAMILY, z, 2.0))
    assert autocorrelation_length(z, 2.0) == autocorrelation_length(prepared[Autocorrelation])


def test_all_share_two_prepared_objects():
    assert {d.prepare for d in FAMILY} == {Autocorrelation, Spectrum}
    assert {d.needs for d in FAMILY} == {("pixel_size",), ("z_nm", "pixel_size")}
