"""The paper family against an independent, literal transcription of its definitions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from physical.literal_paper import literal_paper
from scipy.ndimage import gaussian_filter

from tmdfeat.io import read
from tmdfeat.physical import compute, select
from tmdfeat.physical.paper import picture
from tmdfeat.physical.paper_grains import paper_grain_density, paper_grain_size
from tmdfeat.physical.paper_texture import paper_contrast

# Every third of 72 real maps; benchmarks/bench_descriptors.py compares all.
FOLDERS = {
    "polyelectrolyte_afm/raw_data": ("*/*.txt", 38),
    "barcode_afm": ("*.txt", 18),
    "ferroelectric_afm": ("*.h5", 16),
}
REAL = [(folder, i) for folder, (_, count) in FOLDERS.items() for i in range(0, count, 3)]


def stretched(z):
    """Grey levels 0 to 255, independently of tmdfeat."""
    return (z - z.min()) / (z.max() - z.min()) * 255


def smooth_noise(shape, sigma, seed):
    return gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma)


def terraces():
    y, x = np.mgrid[:72, :80]
    return np.floor((x + 0.4 * y) / 17) + 0.3 * (np.hypot(y - 30, x - 40) < 14)


SYNTHETIC = {
    "white noise": np.random.default_rng(0).normal(size=(64, 64)),
    "smooth, non-square": smooth_noise((60, 97), 3.0, 1),
    "smooth, wide": smooth_noise((128, 128), 8.0, 2),
    "terraces with exact ties": terraces(),
    "checkerboard": np.indices((40, 40)).sum(axis=0) % 2.0,
    "one bright pixel": np.pad([[1.0]], 20),
    "2x2": np.array([[0.0, 3.0], [7.0, 1.0]]),
    "2x9": smooth_noise((2, 9), 0.5, 3),
    "two levels, all grain but one": np.pad([[0.0]], 20, constant_values=1.0),
}


def assert_equal_to_literal(z, grey):
    descriptors = select("paper")
    expected = literal_paper(grey)
    assert sorted(expected) == sorted(d.column() for d in descriptors)
    values = compute(descriptors, z)
    for descriptor, value in zip(descriptors, values, strict=True):
        wanted = expected[descriptor.column()]
        assert_allclose(value, wanted, rtol=1e-6, atol=1e-12, err_msg=descriptor.name)


@pytest.mark.parametrize("kind", SYNTHETIC)
def test_equals_the_literal_definitions(kind):
    z = SYNTHETIC[kind]
    assert_equal_to_literal(z, stretched(z))


def test_equals_the_literal_definitions_on_a_flat_map():
    assert_equal_to_literal(np.full((20, 30), 4.2), np.zeros((20, 30)))


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "number"), REAL)
def test_equals_the_literal_definitions_on_real_maps(shared, folder, number):
    pattern, count = FOLDERS[folder]
    paths = sorted((shared / "data" / folder).glob(pattern))
    assert len(paths) == count
    z = read(paths[number]).z
    assert_equal_to_literal(z, stretched(z))


def test_a_picture_from_0_to_255_is_left_bit_for_bit():
    z = stretched(smooth_noise((50, 50), 2.0, 4))
    assert_array_equal(picture(z), z)


def test_the_stretch_takes_the_plain_minimum_and_maximum():
    z = np.full((30, 30), 5.0)
    z[0, 0], z[1, 1] = -1000.0, 1000.0  # a percentile clip would cut these
    assert picture(z)[0, 0] == 0
    assert picture(z)[1, 1] == 255


def test_offset_and_positive_factor_do_not_matter():
    z = np.random.default_rng(5).integers(0, 256, size=(48, 48)).astype(float)  # exact below
    expected = compute(select("paper"), z)
    assert_array_equal(compute(select("paper"), 0.25 * z), expected)
    assert_array_equal(compute(select("paper"), z + 1024), expected)


def test_what_is_undefined_on_a_flat_map_is_what_was_published_as_nan():
    descriptors = select("paper")
    values = compute(descriptors, np.full((16, 16), 0.1))
    undefined = {d.name for d, v in zip(descriptors, values, strict=True) if np.isnan(v)}
    assert undefined == {"paper_anisotropy", "paper_local_variation", "paper_grain_size"}


@pytest.mark.parametrize("shape", [(1, 9), (9, 1), (1, 1)])
def test_single_lines_need_no_error(shape):
    z = np.arange(np.prod(shape), dtype=float).reshape(shape)
    for descriptor in select("paper"):
        assert not np.isinf(descriptor.function(z)), descriptor.name


@pytest.mark.parametrize("height", [2.0**-40, 2.0**20])  # 1e-12 and 1e6 nm, without rounding
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_heights_give_the_numbers_of_ordinary_ones(height, dtype):
    z = np.random.default_rng(6).integers(0, 256, size=(48, 40))
    found = compute(select("paper"), (z * height).astype(dtype))
    assert_array_equal(found, compute(select("paper"), z))


def test_one_disk_is_one_grain_of_its_area():
    y, x = np.mgrid[:64, :64]
    z = np.hypot(y - 32, x - 32) < 15.2
    assert paper_grain_size(z) == pytest.approx(2 * 15.2, rel=0.01)
    assert paper_grain_density(z) == 1 / 64**2


def test_a_film_with_one_pinhole_is_one_grain():
    z = np.ones((64, 64))
    z[30:40, 30:40] = 0.0
    assert paper_grain_size(z) == pytest.approx(np.sqrt(4 / np.pi * (64**2 - 100)), rel=1e-3)
    assert paper_grain_density(z) == 1 / 64**2


def test_grains_too_small_for_the_disk_leave_no_domain():
    z = np.zeros((64, 64))
    z[20:23, 20:23] = 1.0
    assert paper_grain_density(z) == 0
    assert paper_grain_size(z) > 0


def test_grey_levels_of_0_to_255_are_truncated_to_whole_numbers():
    z = np.array([[0.0, 255.0, 100.9, 255.0]] * 2)
    assert paper_contrast(z) == pytest.approx((255**2 + 155**2 + 155**2) / 3, rel=1e-12)
