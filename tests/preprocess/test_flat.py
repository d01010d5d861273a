"""A flat map is flat after levelling: no rounding is left for what follows to blow up."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.deep import Rendering
from tmdfeat.physical.height import rms_height, skewness
from tmdfeat.preprocess import (
    PRESETS,
    Fill,
    Resample,
    align_rows_median,
    align_rows_polynomial,
    level_plane,
    level_polynomial,
    paper_remove_bow,
    preset,
)

OFFSETS = [0.0, 0.1, -1e3 / 3, 1e6, 1e6 + 0.1]
SHAPES = [(1, 30), (7, 5), (64, 48), (512, 512), (2048, 32)]
TILTS = {"constant": (0, 0), "tilted": (0.3, -0.7), "barely tilted": (1e-9, 3e-9)}


def plane(shape, offset, tilt):
    y, x = np.mgrid[: shape[0], : shape[1]]
    return offset + tilt[0] * y + tilt[1] * x


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("tilt", TILTS.values(), ids=TILTS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_flat_map_stays_flat_for_all_that_follows(shape, tilt, offset, name):
    z = preset(name).fit_transform([plane(shape, offset, tilt)])[0].z
    assert_array_equal(Rendering().stretch(HeightMap(z)), np.full(z.shape, 0.5))
    assert rms_height(z) == 0
    assert np.isnan(skewness(z))


@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_a_constant_map_of_any_dtype_becomes_zero(dtype):
    z = np.full((50, 60), 1000.1).astype(dtype)
    assert_array_equal(level_plane(z), np.zeros(z.shape))


@pytest.mark.parametrize(
    "remove",
    [
        lambda z: level_polynomial(z, 0),
        lambda z: level_polynomial(z, 5),
        align_rows_median,
        lambda z: align_rows_polynomial(z, 0),
        lambda z: align_rows_polynomial(z, 3),
    ],
    ids=["mean", "degree 5", "median", "row means", "row cubics"],
)
@pytest.mark.parametrize("offset", OFFSETS)
def test_every_subtraction_leaves_zeros_of_a_constant_map(remove, offset):
    assert_array_equal(remove(np.full((64, 48), offset)), np.zeros((64, 48)))


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_bow_and_row_lines_are_removed_to_zero(offset):
    y, x = np.mgrid[:64, :48]
    z = offset + 0.3 * y - 0.01 * (x - 20) ** 2
    assert_array_equal(paper_remove_bow(z), np.zeros(z.shape))
    z = offset + np.sin(y) * (x + 3)
    assert_array_equal(align_rows_polynomial(z, 1), np.zeros(z.shape))


def test_missing_pixels_of_a_flat_map_stay_missing():
    z = plane((40, 30), 1e6, (0.3, -0.7))
    z[5:9, 3:20] = np.nan
    assert_array_equal(level_plane(z), np.where(np.isnan(z), np.nan, 0.0))


def test_tiny_heights_without_an_offset_are_kept():
    z = 1e-12 * np.random.default_rng(0).normal(size=(40, 30))
    assert np.std(level_plane(z)) == pytest.approx(np.std(z), rel=0.01)
    assert np.std(align_rows_polynomial(z, 0)) == pytest.approx(np.std(z), rel=0.05)


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
def test_a_billionth_of_the_largest_height_is_kept(offset):
    spike = np.zeros((40, 30))
    spike[20, 15] = 1e-9 * max(offset, 1.0)
    z = plane((40, 30), offset, (0.01, 0.02))
    levelled = level_plane(z + spike)
    assert levelled[20, 15] == pytest.approx(spike[20, 15], rel=0.01)
    assert np.count_nonzero(levelled) > 1000  # all of the map or nothing is set to zero


def test_an_island_outside_of_the_mask_keeps_the_map_from_counting_as_flat():
    y, x = np.mgrid[:40, :30]
    island = (y < 5) & (x < 5)
    levelled = level_plane(1e6 + 0.3 * y + 1e-3 * island, mask=~island)
    assert levelled[island] == pytest.approx(1e-3, rel=1e-5)


def test_steps_that_do_not_level_keep_a_constant_map_flat_too():
    z = np.full((100, 90), 0.1)
    resampled = Resample(7.0).transform([HeightMap(z, pixel_size=2.0)])[0].z
    z[40:60, 30:70] = np.nan
    for flat in (resampled, Fill("harmonic").transform([z])[0].z):
        assert_array_equal(Rendering().stretch(HeightMap(flat)), np.full(flat.shape, 0.5))
        assert rms_height(flat) == 0
